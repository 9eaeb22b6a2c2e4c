// What the page asks of the server beside what it is told: who is at it, the token that changes need, refusals in words.

const memory = new Map();

/** A text that is remembered: the token for this tab only, a name for this browser. Where nothing may be stored, until the page goes. */
function remembered(store, key) {
  const name = `tessellate.${key}`;
  return {
    get() {
      try { return store().getItem(name) ?? memory.get(name) ?? ''; } catch { return memory.get(name) ?? ''; }
    },
    set(value) {
      memory.set(name, value);
      try { store().setItem(name, value); } catch { /* it is kept in memory */ }
    },
  };
}

export const token = remembered(() => sessionStorage, 'token');
export const who = remembered(() => localStorage, 'who');

/** What the server said against a request. */
export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const HINTS = {
  NO_TOKEN: 'The token is not the one of this server: it lies in the file “token” of its data directory.',
  FOREIGN_ORIGIN: 'This page was not opened from the server it asks.',
};

/** Posts a value; the answer, or a Refusal. What is no text is sent as JSON. */
export const post = (path, value, { name, signal } = {}) => ask(name ? `${path}?who=${encodeURIComponent(name)}` : path, { ...posting(value), signal });

function posting(value) {
  const secret = token.get().trim();
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new Refusal('NO_TOKEN', HINTS.NO_TOKEN);
  const plain = typeof value === 'string';
  return {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${secret}`,
      'Content-Type': plain ? 'text/plain; charset=utf-8' : 'application/json',
    },
    body: plain ? value : JSON.stringify(value),
  };
}

/** Posts a value and hands over each line of JSON of the answer as it comes; a Refusal where it is refused at once. */
export async function lines(path, value, signal, each) {
  const answer = await send(path, { ...posting(value), signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const next = () => reader.read().catch((error) => {
    throw error.name === 'AbortError' ? error : interrupted();
  });
  let rest = '';
  for (let part = await next(); !part.done; part = await next()) {
    const whole = (rest + part.value).split('\n');
    rest = whole.pop();
    whole.filter((line) => line.trim() !== '').forEach((line) => each(JSON.parse(line)));
  }
  // Every line ends with a line feed: what does not was cut off.
  if (rest.trim() !== '') throw interrupted();
}

/** An answer that began and has no end. */
export const interrupted = () => new Refusal('INTERRUPTED', 'The server ended before it had an answer. Ask again when the page says “Live”.');

/** Reads; the answer, or a Refusal. */
export const read = (path) => ask(path, { headers: { Accept: 'application/json' } });

const ask = async (path, request) => (await send(path, request)).json();

/** An answer that is none against it. */
async function send(path, request) {
  let answer;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal('UNAVAILABLE', 'The server does not answer. Whether it has heard the question, only its log tells.');
  }
  if (answer.ok) return answer;
  let problem = null;
  try {
    problem = await answer.json();
  } catch {
    // Below it is said with the status alone.
  }
  const code = problem?.code ?? `HTTP ${answer.status}`;
  throw new Refusal(code, HINTS[code] ?? problem?.detail ?? `The server answered with status ${answer.status}.`);
}
