// The page's data: calls that answer JSON, and the stream of the log.

const RETRY_MILLISECONDS = 1500;

/** A call that was not met; `message` says why, `status` is 0 when nobody answered. */
export class Unmet extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The answer of `api/<path>`. Throws Unmet. */
export async function call(method, path, wish) {
  let response;
  try {
    response = await fetch(`api/${path}`, {
      method,
      headers: wish === undefined ? {} : { "Content-Type": "application/json" },
      body: wish === undefined ? undefined : JSON.stringify(wish),
    });
  } catch {
    throw new Unmet("The bot's process does not answer.", 0);
  }
  const content = await response.json().catch(() => null);
  if (!response.ok) throw new Unmet(content?.error ?? `The page's server answered ${response.status}.`, response.status);
  return content;
}

/** Hand every entry of the log to `heard`, and whether we are connected to `connected`; comes back after every loss. */
export function follow(heard, connected) {
  let last = null;
  const open = () => {
    const source = new EventSource(last === null ? "api/stream" : `api/stream?after=${last}`);
    source.onopen = () => connected(true);
    source.onmessage = (event) => {
      const entry = JSON.parse(event.data);
      last = entry.n;
      heard(entry);
    };
    source.onerror = () => {
      source.close();
      connected(false);
      setTimeout(open, RETRY_MILLISECONDS);
    };
  };
  open();
}
