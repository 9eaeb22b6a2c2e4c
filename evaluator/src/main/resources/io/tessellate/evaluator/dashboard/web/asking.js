// Asking something that takes its time, for every panel that does: one question of a panel at a time, how far it is, what was said against it,
// what it found; and what becomes of it when it is stopped or another model is chosen.

import { Refusal, interrupted, token } from './api.js';
import { byId, fill, h, problem } from './dom.js';

/**
 * The questions of a panel, whose elements are called by its name: NAME-form, NAME-token, NAME-do, and NAME where the answer stands.
 *
 * - `label`: what the button says while nothing is asked
 * - `about`: what stands where no question was asked yet
 * - `put({ model, signal, line })`: asks; hands over lines with `progress`, `result` or `error`, or throws a Refusal
 * - `measure(progress)`: `done` of `most` and `words` of a progress line
 * - `answer(model, result)`: what was found, as elements
 */
export function asking(name, { label, about, put, measure, answer }) {
  let model = null;
  let round = null;

  /** Shows the panel for a model, or for none where the question is about all; what was asked about another is stopped and forgotten. */
  function render(shown) {
    model = shown;
    offerToken(`${name}-token`);
    if (round && round.model !== nameOf(model)) forget();
    draw();
  }

  function forget() {
    round?.stop.abort();
    round = null;
  }

  async function ask() {
    if (round?.running) {
      round.stop.abort();
      return;
    }
    const mine = { model: nameOf(model), stop: new AbortController(), running: true };
    round = mine;
    const heard = (line) => {
      Object.assign(mine, line, line.error ? { error: new Refusal(line.error.code, line.error.message) } : {});
      if (mine === round) draw();
    };
    try {
      const lack = tokenMissing(`${name}-token`);
      if (lack) throw lack;
      draw();
      await put({ model, signal: mine.stop.signal, line: heard });
      if (!mine.result && !mine.error) throw interrupted();
    } catch (error) {
      mine.error = refusal(error);
      if (mine.error !== error && error.name !== 'AbortError') throw error;
    } finally {
      mine.running = false;
      if (mine === round) draw();
    }
  }

  function draw() {
    fill(`${name}-do`, round?.running ? 'Stop' : label);
    if (!round) fill(name, h('p', { class: 'muted' }, about));
    else if (round.error) fill(name, problem(round.error));
    else if (round.result) fill(name, answer(model, round.result));
    else fill(name, progress());
  }

  function progress() {
    const at = round.progress ?? { doing: 'waiting for its turn' };
    const { done, most, words } = round.progress && measure ? measure(at) : { most: 0 };
    return h('div', { class: 'progress' },
      h('progress', most > 0 ? { max: most, value: done, 'aria-label': words } : { 'aria-label': at.doing }),
      h('div', { class: 'line' }, most > 0 ? `${at.doing} · ${words}` : at.doing));
  }

  function start() {
    draw();
    byId(`${name}-form`).addEventListener('submit', (event) => {
      event.preventDefault();
      ask();
    });
  }

  return {
    render,
    start,
    forget() {
      forget();
      draw();
    },
    /** What was found last, if anything. */
    found: () => round?.result ?? null,
  };
}

const nameOf = (model) => model?.name ?? null;

/** What is said of an error: its own words where the server spoke, and what was done where it did not. */
function refusal(error) {
  if (error instanceof Refusal) return error;
  if (error.name === 'AbortError') return new Refusal('CANCELLED', 'Stopped. Nothing was changed by asking; ask again when you like.');
  return new Refusal('FAULT_OF_THE_PAGE', `The page could not read the answer: ${error.message}`);
}

/** Fills a field for the token, where it is empty, with what was given before. */
export function offerToken(field) {
  if (byId(field).value === '') byId(field).value = token.get();
}

/** Remembers the token that stands in a field; what is to be said where there is none, and then the field is where the reader is. */
export function tokenMissing(field) {
  const given = byId(field).value.trim();
  if (given !== '') {
    token.set(given);
    return null;
  }
  byId(field).focus();
  return new Refusal('NO_TOKEN', 'The server answers to those only who have its token: it lies in the file “token” of its data directory.');
}
