// How numbers, times and tasks are shown.

const whole = new Intl.NumberFormat('en');
const compactNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value) => whole.format(value);
export const compact = (value) => compactNumber.format(value);

/** A number of so many places: a true minus, and never a zero with a sign. */
export function fixed(value, places) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export const score = (value) => (value === null || value === undefined ? '–' : fixed(value, 3));
export const percent = (value, digits = 1) => `${fixed(100 * value, digits)} %`;

/** The same of a difference: with its sign, which a zero has not. */
export function signed(value, digits = 3) {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

export function duration(seconds) {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${fixed(seconds / 3600, 1)} h`;
}

export function time(iso) {
  const at = new Date(iso);
  const today = new Date().toDateString() === at.toDateString();
  return today
    ? at.toLocaleTimeString('en-GB')
    : at.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** The short name of `model/task`. */
export const taskName = (id) => id.slice(id.indexOf('/') + 1);

const COLOURS = 8;

/** The colour variable of the task that was the `index`th to be committed, from 0. */
export const taskColour = (index) => `var(--task-${(index % COLOURS) + 1})`;

/** The colour of a task of a model, wherever it is shown: by the order of the first commits. */
export function colourOf(model, task) {
  const tasks = [...new Set(model.versions.map((version) => version.task).filter(Boolean))];
  const index = tasks.indexOf(task);
  return index < 0 ? 'var(--free)' : taskColour(index);
}

/** The beginning of a digest. */
export const short = (digest) => (digest ? digest.slice(0, 12) : '–');

/** Names as a sentence has them. */
export function listed(names) {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** The same as a value, for drawing on a canvas. */
export function resolved(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable.replace(/^var\((.*)\)$/, '$1')).trim();
}

const PARTS = [
  [/attention\.self\.query/, 'query'],
  [/attention\.self\.key/, 'key'],
  [/attention\.self\.value/, 'value'],
  [/attention\.output\.dense/, 'attention out'],
  [/intermediate\.dense/, 'MLP in'],
  [/output\.dense/, 'MLP out'],
];

const LAYER = /layers?\.(\d+)\./;

/** The layer a tensor belongs to: "layer 3", or "other". */
export function layerLabel(name) {
  const layer = LAYER.exec(name);
  return layer ? `layer ${Number(layer[1]) + 1}` : 'other';
}

/** A tensor's place in words: "1 · query"; its own name where it follows no known pattern. */
export function tensorLabel(name) {
  const layer = LAYER.exec(name);
  const part = PARTS.find(([pattern]) => pattern.test(name));
  return layer && part ? `${Number(layer[1]) + 1} · ${part[1]}` : name.replace(/\.weight$/, '');
}
