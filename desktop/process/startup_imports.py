"""Startup imports: modules to load behind the window, each with less than a key press waits for."""

STARTUP_IMPORTS = (
    "core.base.imports.early_msgspec",
    "core.messages",
    "core.app.events.app_events",
    "core.chat.store.chat_database",
    "core.models.registry.model_registry",
    "core.chat.citations.citation_matching",
    "core.chat.answering.answer_run",
    "core.app.loading.model_load_service",
    "core.app.judging.ability_service",
    "core.app.chats.answer_service",
    "core.app.network.network_services",
    "core.app.chats.chat_service",
    "core.app.api.api_call_service",
    "core.app.app",
    "desktop.chat.message.message_text",
    "desktop.chat.cards.answer_card",
    "desktop.chat.transcript.transcript_view",
    "desktop.chat.controller.turn_controller",
    "desktop.chat.controller.chat_controller",
    "desktop.chat.list.chat_list_controller",
    "desktop.library.folder_controller",
    "desktop.sources.sources_panel",
    "desktop.sources.sources_controller",
    "desktop.models.models_controller",
    "desktop.window.chat_features_controller",
    "desktop.window.composer_controller",
    "desktop.window.window_content",
)
"""In the order of loading; the rest is loaded where it is named."""

KEY_IMPORTS = ("core.courier.connection.key_store", "cryptography.hazmat.primitives.ciphers.aead")
"""What an encrypted data folder takes besides, before it is opened."""
