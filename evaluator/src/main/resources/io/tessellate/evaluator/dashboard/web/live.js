// How well tasks answer what they are really asked, where labels came back, beside what their eval split said.

import { empty, fill, h, table } from './dom.js';
import { colourOf, count, score, time } from './format.js';

/** What became of answers and labels, as `tessellate live` says it. */
const COUNTS = {
  answered: 'answered', anonymous: 'answered without an id', answeredAgain: 'answered again', labels: 'labelled', labelsAgain: 'labelled again alike',
  labelsChanged: 'labelled again otherwise (the first counts)', notComparable: 'not comparable', waiting: 'waiting for a label',
  early: 'labelled and not answered yet', neverLabelled: 'forgotten without a label', neverAnswered: 'forgotten without an answer',
};

/** All that are not 0, so that nothing is dropped without a word. */
function counted(standings) {
  const said = ({ counts }) => Object.entries(counts).filter(([, number]) => number > 0).map(([name, number]) => `${count(number)} ${COUNTS[name] ?? name}`).join(', ');
  return h('ul', { class: 'remarks muted' }, standings.filter((standing) => said(standing) !== '').map((standing) =>
    h('li', { 'data-key': standing.task, 'data-counts': standing.task }, `${standing.task}: ${said(standing)}`)));
}

export function renderLive(standings, model) {
  const rows = standings.flatMap((standing) => standing.scores.map((one) => ({ ...one, task: standing.task, at: standing.at })));
  if (rows.length === 0) {
    fill('live', empty('No label has come back yet',
      'Ask with ids, on the topic predict.MODEL.TASK, by HTTP or by command, and write the labels, later, under the same ids to labels.MODEL.TASK. How well the answers were stands here, beside the eval score.',
      `labels.${model.name}.${standings[0]?.task ?? 'TASK'}`), counted(standings));
    return;
  }
  fill('live', table('Live scores beside eval scores', [
    'Task', 'View', { title: 'Version', number: true }, 'Metric', { title: 'Live', number: true }, { title: '95 %', number: true }, { title: 'Examples', number: true },
    { title: 'Eval', number: true }, { title: '95 %', number: true }, 'Updated',
  ], rows.map((row) => [
    h('span', { 'data-live': row.task }, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, row.task) } }), row.task),
    row.view, String(row.version), row.metric,
    h('span', { class: row.evalLow !== null && row.high < row.evalLow ? 'over' : null }, score(row.score)), `${score(row.low)}–${score(row.high)}`,
    h('span', { title: `${count(row.labelled)} labels have come back` }, count(row.examples)),
    score(row.eval), row.evalLow === null ? '–' : `${score(row.evalLow)}–${score(row.evalHigh)}`,
    h('time', { class: 'muted', datetime: row.at }, time(row.at)),
  ])), counted(standings));
}
