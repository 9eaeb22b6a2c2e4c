// The line of numbers at the top: where the model stands, in both views.

import { actButton } from './acts.js';
import { fill, h, show } from './dom.js';
import { percent, score } from './format.js';

export function renderSummary(model, matrices) {
  const union = matrices?.union;
  const task = matrices?.task;
  fill('title', model.name);
  fill('subtitle', `Base ${model.baseDigest.slice(0, 12)} · ${model.ownership === 'SHARED' ? 'shared' : 'exclusive'} ownership · forgetting budget ${model.forgettingBudget}`);
  parked(model);
  fill('summary',
    fact('Champion', model.champion ? `v${model.champion}` : '–', `of ${model.versions.length} ${model.versions.length === 1 ? 'version' : 'versions'}`, null),
    judged(union),
    fact('Accuracy, union view', score(union?.averageAccuracy), 'mean over all tasks', null),
    fact('Accuracy, task view', score(task?.averageAccuracy), 'mean over all tasks', null),
    fact('Forgetting, union view', score(union?.forgetting), `budget ${model.forgettingBudget}`, tone(union?.forgetting, model.forgettingBudget)),
    exact(task?.forgetting ?? null),
    fact('Weights owned', percent((model.eligible - model.free) / model.eligible), `${percent(model.free / model.eligible)} free`, null),
    certified(model));
}

/** What must be exactly 0: where it is not, a rounded 0 would look as if it were. */
function exact(forgetting) {
  const hidden = forgetting !== 0 && score(forgetting) === score(0);
  return fact('Forgetting, task view', hidden ? 'not 0' : score(forgetting), 'must be exactly 0', forgetting === null ? null : forgetting === 0 ? 'good' : 'bad');
}

/** A model that waits for a person: why, and what lets it go on. */
function parked(model) {
  show('parked', Boolean(model.parked));
  if (!model.parked) return;
  const { code, reason, path } = model.parked;
  fill('parked', h('b', {}, 'Parked '), h('b', {}, code), ` ${reason}${path ? ` (${path})` : ''}. When that is put right: `, actButton('resume', 'Resume…'));
}

/** How the newest measured version was judged. */
function judged(union) {
  const row = union?.rows[union.rows.length - 1];
  if (!row?.verdict) return fact('Verdict', '–', 'of the newest version', null);
  const tones = { PASS: 'good', WARN: 'warn', FAIL: 'bad' };
  return fact('Verdict', row.verdict.verdict, `version ${row.version}`, tones[row.verdict.verdict]);
}

function tone(value, budget) {
  if (value === null || value === undefined) return null;
  return value > budget ? 'bad' : value > budget / 2 ? 'warn' : 'good';
}

function certified(model) {
  if (model.ownership === 'SHARED') return fact('Certificate', 'none', 'shared ownership', null);
  if (!model.certificate) return fact('Certificate', '–', 'from version 1 on', null);
  return model.certificate.ok
    ? fact('Certificate', 'holds', `version ${model.certificate.version}`, 'good')
    : fact('Certificate', 'broken', `version ${model.certificate.version}`, 'bad');
}

function fact(name, value, sub, mood) {
  return h('div', { 'data-tone': mood }, h('dt', {}, name), h('dd', {}, value), h('dd', { class: 'sub' }, sub));
}
