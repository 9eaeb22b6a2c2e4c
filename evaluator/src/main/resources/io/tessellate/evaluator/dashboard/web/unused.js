// What lies on the disk and is named by no event: looked for when asked, shown with what it takes, and removed by an act of its own.

import { Refusal, post, token } from './api.js';
import { byId, fill, h, show, table } from './dom.js';
import { count } from './format.js';

let looked = null;
let looking = false;

/** What was found the last time, if anything; an act removes exactly this. */
export const unusedFound = () => (looked?.found > 0 ? looked : null);

/** It is gone, or is not what it was: who wants more looks again. */
export function forgetUnused() {
  looked = null;
  draw();
}

async function look() {
  if (looking) return;
  if (byId('unused-token').value.trim() === '') {
    byId('unused-token').focus();
    fill('unused', problem(new Refusal('NO_TOKEN', 'The server answers to those only who have its token.')));
    return;
  }
  token.set(byId('unused-token').value.trim());
  looking = true;
  looked = null;
  draw();
  let refused = null;
  try {
    looked = await post('api/v1/unused-files', { olderThan: byId('unused-age').value });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused = error;
  } finally {
    looking = false;
    draw();
    if (refused) fill('unused', problem(refused));
  }
}

const problem = (refusal) => h('p', { class: 'problem', role: 'alert' }, h('b', {}, refusal.code), ` ${refusal.message}`);

const KINDS = { blob: 'Files that no event names', unfinished: 'Files that never arrived whole', checkpoints: 'Folders of runs that are over' };

function draw() {
  show('unused-remove', unusedFound() !== null);
  byId('unused-do').disabled = looking;
  if (looking) fill('unused', h('p', { class: 'muted' }, 'Every internal topic is read, and the disk looked through.'));
  else if (!looked) fill('unused', h('p', { class: 'muted' }, 'Nothing is removed by looking. What a version, a report or any other event names stays for ever.'));
  else fill('unused',
    h('p', { 'data-found': looked.found }, looked.found === 0 ? 'Nothing to remove.' : `${count(looked.found)} of them, ${count(looked.bytes)} bytes, written before ${looked.before}.`),
    looked.found === 0 ? null : table('What nothing names', ['What', { title: 'Count', number: true }, { title: 'Bytes', number: true }],
      looked.kinds.map((one) => [KINDS[one.kind] ?? one.kind, count(one.found), count(one.bytes)])));
}

export function startUnused() {
  byId('unused-token').value = token.get();
  draw();
  byId('unused-form').addEventListener('submit', (event) => {
    event.preventDefault();
    look();
  });
}
