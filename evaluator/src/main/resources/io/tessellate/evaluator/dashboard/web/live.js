// How well tasks answer what they are really asked, where labels came back, beside what their eval split said.

import { empty, fill, h, table } from './dom.js';
import { colourOf, count, score, time } from './format.js';

export function renderLive(standings, model) {
  const rows = standings.flatMap((standing) => standing.scores.map((one) => ({ ...one, task: standing.task, at: standing.at })));
  if (rows.length === 0) {
    fill('live', empty('No label has come back yet',
      'Write questions with ids to the topic predict.MODEL.TASK and their labels, later, under the same ids to labels.MODEL.TASK. How well the answers were stands here, beside the eval score.',
      `labels.${model.name}.TASK`));
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
  ])));
}
