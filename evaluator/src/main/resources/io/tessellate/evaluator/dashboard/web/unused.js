// What lies on the disk and is named by no event: looked for when asked, shown with what it takes, and removed by an act of its own.

import { post } from './api.js';
import { asking } from './asking.js';
import { byId, h, table } from './dom.js';
import { count } from './format.js';

const KINDS = { blob: 'Files that no event names', unfinished: 'Files that never arrived whole', checkpoints: 'Folders of runs that are over' };

const question = asking('unused', {
  label: 'Look',
  about: 'Nothing is removed by looking. What a version, a report or any other event names stays for ever.',
  async put({ signal, line }) {
    line({ progress: { doing: 'Every internal topic is read, and the disk looked through.' } });
    line({ result: await post('api/v1/unused-files', { olderThan: byId('unused-age').value }, { signal }) });
  },
  answer,
});

export const startUnused = question.start;

/** The question is about all models. */
export const renderUnused = () => question.render(null);

/** What was found the last time, if anything; an act removes exactly this. */
export const unusedFound = () => (question.found()?.found > 0 ? question.found() : null);

/** It is gone, or is not what it was: who wants more looks again. */
export const forgetUnused = question.forget;

function answer(model, looked) {
  if (looked.found === 0) return [h('p', { 'data-found': '0' }, `Nothing to remove of what was written before ${looked.before}.`)];
  return [
    h('p', { 'data-found': looked.found }, `${count(looked.found)} of them, ${count(looked.bytes)} bytes, written before ${looked.before}.`),
    table('What nothing names', ['What', { title: 'Count', number: true }, { title: 'Bytes', number: true }],
      looked.kinds.map((one) => [KINDS[one.kind] ?? one.kind, count(one.found), count(one.bytes)])),
    h('button', { type: 'button', class: 'act', 'data-act': 'removeUnused', id: 'unused-remove' }, 'Remove them…'),
  ];
}
