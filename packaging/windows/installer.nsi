; The Windows installer: for one user, without administrator rights, over an older version too.
; Compiled by windows/installer.py, which defines VERSION, TREE (what is installed), OUT, SIZE_KB and
; LISTS (a folder with the lists of files and folders that the uninstaller may delete).
;
;   setup.exe [/S] [/D=C:\some\folder]            silent, and where to
;   Uninstall.exe [/S] [/DELETEDATA]              silent, and with all chats and folders

Target amd64-unicode
Unicode true
ManifestDPIAware true
ManifestSupportedOS all
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinMessages.nsh

!define NAME "Inglenook"
!define PROGID "Inglenook.gguf"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define DATA "$LOCALAPPDATA\${NAME}"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
RequestExecutionLevel user
; Not solid: that would need a temporary file as large as all that is installed.
SetCompressor lzma
SetCompressorDictSize 32
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey FileDescription "${NAME} Setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\Inglenook.exe"
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
UninstPage custom un.AskData un.TakeData
!insertmacro MUI_UNPAGE_INSTFILES
; The first is taken where the system speaks none of them.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString IS_OPEN ${LANG_ENGLISH} "${NAME} is open. Close it, then try again."
LangString IS_OPEN ${LANG_GERMAN} "${NAME} ist offen. Schließen Sie es, dann versuchen Sie es noch einmal."
LangString FILE_TYPE ${LANG_ENGLISH} "GGUF model"
LangString FILE_TYPE ${LANG_GERMAN} "GGUF-Modell"
LangString OPEN_FOLDER ${LANG_ENGLISH} "Open folder with ${NAME}"
LangString OPEN_FOLDER ${LANG_GERMAN} "Ordner mit ${NAME} öffnen"
LangString DATA_TITLE ${LANG_ENGLISH} "Your data"
LangString DATA_TITLE ${LANG_GERMAN} "Ihre Daten"
LangString DATA_STAYS ${LANG_ENGLISH} "Chats and folders stay unless you say otherwise."
LangString DATA_STAYS ${LANG_GERMAN} "Chats und Ordner bleiben, wenn Sie nichts anderes sagen."
LangString DATA_WHERE ${LANG_ENGLISH} "Your chats, what was read of your folders, and the models you fetched lie in$\r$\n${DATA}$\r$\nYour documents are never touched."
LangString DATA_WHERE ${LANG_GERMAN} "Ihre Chats, was aus Ihren Ordnern gelesen wurde, und die Modelle, die Sie geholt haben, liegen in$\r$\n${DATA}$\r$\nIhre Dokumente werden nie angerührt."
LangString DATA_DELETE ${LANG_ENGLISH} "Delete all of that as well"
LangString DATA_DELETE ${LANG_GERMAN} "All das ebenfalls löschen"

Var DeleteData
Var Checkbox

; A program that runs holds its files: ask to close it; a silent set-up gives up with code 5.
!macro REFUSE_RUNNING
  ${If} ${FileExists} "$INSTDIR\Inglenook.exe"
    ${Do}
      ClearErrors
      FileOpen $0 "$INSTDIR\Inglenook.exe" a
      ${IfNot} ${Errors}
        FileClose $0
        ${ExitDo}
      ${EndIf}
      ${If} ${Silent}
        SetErrorLevel 5
        Quit
      ${EndIf}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IS_OPEN)" IDRETRY +2
      Quit
    ${Loop}
  ${EndIf}
!macroend

Section "Install"
  !insertmacro REFUSE_RUNNING
  ; An older version takes its own files away, and nothing else; data lies elsewhere.
  ${If} ${FileExists} "$INSTDIR\Uninstall.exe"
    ExecWait '"$INSTDIR\Uninstall.exe" /S /UPGRADE _?=$INSTDIR'
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${TREE}\*.*"
  WriteUninstaller "$INSTDIR\Uninstall.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\Inglenook.exe"

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\Inglenook.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Inglenook project"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1

  WriteRegStr HKCU "Software\Classes\${PROGID}" "" "$(FILE_TYPE)"
  WriteRegStr HKCU "Software\Classes\${PROGID}\DefaultIcon" "" "$INSTDIR\Inglenook.exe,0"
  WriteRegStr HKCU "Software\Classes\${PROGID}\shell\open\command" "" '"$INSTDIR\Inglenook.exe" "%1"'
  WriteRegNone HKCU "Software\Classes\.gguf\OpenWithProgids" "${PROGID}"
  ReadRegStr $0 HKCU "Software\Classes\.gguf" ""
  ${If} $0 == ""  ; another program that opens them stays what opens them
    WriteRegStr HKCU "Software\Classes\.gguf" "" "${PROGID}"
  ${EndIf}
  WriteRegStr HKCU "Software\Classes\Directory\shell\${NAME}" "" "$(OPEN_FOLDER)"
  WriteRegStr HKCU "Software\Classes\Directory\shell\${NAME}" "Icon" "$INSTDIR\Inglenook.exe"
  WriteRegStr HKCU "Software\Classes\Directory\shell\${NAME}\command" "" '"$INSTDIR\Inglenook.exe" "%1"'
  WriteRegStr HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\inglenook-cli.exe" "" "$INSTDIR\inglenook-cli.exe"
  ${RefreshShellIcons}
SectionEnd

Function un.onInit
  StrCpy $DeleteData 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETEDATA" $1
  ${IfNot} ${Errors}
    StrCpy $DeleteData 1
  ${EndIf}
FunctionEnd

Function un.AskData
  !insertmacro MUI_HEADER_TEXT "$(DATA_TITLE)" "$(DATA_STAYS)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 40u "$(DATA_WHERE)"
  Pop $0
  ${NSD_CreateCheckbox} 0 48u 100% 12u "$(DATA_DELETE)"
  Pop $Checkbox
  nsDialogs::Show
FunctionEnd

Function un.TakeData
  ${NSD_GetState} $Checkbox $DeleteData
FunctionEnd

Section "Uninstall"
  !insertmacro REFUSE_RUNNING
  ; Only what was installed: a person's own files in this folder stay, and so does the folder then.
  !include "${LISTS}\files.nsh"
  Delete "$INSTDIR\Uninstall.exe"
  !include "${LISTS}\folders.nsh"
  RMDir "$INSTDIR"

  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${IfNot} ${Errors}
    Return
  ${EndIf}

  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "Software\Classes\${PROGID}"
  DeleteRegValue HKCU "Software\Classes\.gguf\OpenWithProgids" "${PROGID}"
  ReadRegStr $0 HKCU "Software\Classes\.gguf" ""
  ${If} $0 == "${PROGID}"
    DeleteRegValue HKCU "Software\Classes\.gguf" ""
  ${EndIf}
  DeleteRegKey /ifempty HKCU "Software\Classes\.gguf\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "Software\Classes\.gguf"
  DeleteRegKey HKCU "Software\Classes\Directory\shell\${NAME}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\App Paths\inglenook-cli.exe"
  ${If} $DeleteData == 1
    RMDir /r "${DATA}"
  ${EndIf}
  ${RefreshShellIcons}
SectionEnd
