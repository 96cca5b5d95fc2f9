// The platforms that the bot has channels on, in the order of the phones: `{name: title}`.

const TITLES = { whatsapp: "WhatsApp", messenger: "Messenger", instagram: "Instagram", telegram: "Telegram" };
const here = document.body.dataset.platforms.split(" ");

export const PLATFORMS = Object.fromEntries(Object.entries(TITLES).filter(([name]) => here.includes(name)));

/** Where the story begins: Messenger, as it asks for a tap first, else the first phone. */
export const FIRST_PLATFORM = "messenger" in PLATFORMS ? "messenger" : Object.keys(PLATFORMS)[0];
