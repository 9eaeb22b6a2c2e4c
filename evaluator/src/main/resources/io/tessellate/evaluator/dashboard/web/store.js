// The page's state: one snapshot, then whatever section the stream says has changed.

const SECTIONS = ['models', 'tasks', 'matrices', 'tessellations', 'deadLetters', 'alerts', 'live'];

/**
 * Follows the server; `onChange(state, section)` is called with the whole state, `onLink(state)` with connecting, live
 * or lost. The stream begins with every section, so a reconnect repairs whatever was missed.
 */
export async function follow(onChange, onLink) {
  const state = { models: [], tasks: [], matrices: {}, tessellations: {}, deadLetters: [], alerts: [], live: [] };
  onLink('connecting');
  try {
    const answer = await fetch('api/v1/dashboard', { headers: { Accept: 'application/json' } });
    if (answer.ok) {
      Object.assign(state, await answer.json());
      onChange(state, null);
    }
  } catch {
    onLink('lost');
  }
  const stream = new EventSource('api/v1/stream');
  stream.addEventListener('open', () => onLink('live'));
  stream.addEventListener('error', () => onLink('lost'));
  for (const section of SECTIONS) {
    stream.addEventListener(section, (event) => {
      state[section] = JSON.parse(event.data);
      onChange(state, section);
    });
  }
}
