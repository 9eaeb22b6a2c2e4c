// Where a version comes from: its adapters one on top of the other, each down to the offsets of the records it was trained on.

import { Refusal, read } from './api.js';
import { byId, empty, fill, h, on, problem, show, table } from './dom.js';
import { colourOf, count, duration, fixed, percent, short, time } from './format.js';

/** The version that is looked at, and what the server said of it. */
let wanted = null;
let answer = null;
let shown = null;

export function renderLineage(model) {
  const known = model.versions.length > 0;
  show('lineage-choice', known);
  fill('lineage-empty', known ? null : empty('Nothing has been committed',
    'Each version can be followed to the records of its topics, by partition and offset.',
    `tessellate lineage ${model.name}`));
  if (!known) {
    fill('lineage', null);
    return;
  }
  fill('lineage-version', [...model.versions].reverse().map((version) => h('option', { value: version.number }, `version ${version.number}, ${version.standing}`)));
  if (shown !== model.name || !model.versions.some((version) => version.number === wanted)) {
    wanted = null;
    answer = null;
    shown = model.name;
  }
  byId('lineage-version').value = String(wanted ?? model.versions.length);
  if (answer) draw(model);
  else fill('lineage', h('p', { class: 'muted' }, 'Choose a version and look: its adapters, their recipes and races, and which records of which topic each was trained on.'));
}

async function look(model, version) {
  wanted = version;
  byId('lineage-version').value = String(version);
  fill('lineage', h('p', { class: 'muted' }, 'Reading the logs…'));
  try {
    answer = await read(`api/v1/reports/lineage?model=${model.name}&version=${version}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = { error };
  }
  if (wanted === version && shown === model.name) draw(model);
}

function draw(model) {
  if (answer.error) {
    fill('lineage', problem(answer.error));
    return;
  }
  fill('lineage',
    h('p', {}, `Version ${answer.version} is ${answer.adapters.length === 0 ? 'the base alone' : `the base with ${count(answer.adapters.length)} ${answer.adapters.length === 1 ? 'adapter' : 'adapters'}`}, built on ${answer.builtOn === 0 ? 'the base' : `version ${answer.builtOn}`}. Its weights: `, digest(answer.digest)),
    h('ol', { class: 'chain' },
      h('li', { 'data-key': 'base' }, h('div', { class: 'link-head' }, h('b', {}, 'Base'), digest(answer.baseDigest)),
        answer.origin ? h('p', { class: 'muted' }, answer.origin) : null),
      answer.adapters.map((adapter) => link(model, adapter))));
}

function link(model, adapter) {
  return h('li', { 'data-key': adapter.run },
    h('div', { class: 'link-head' },
      h('b', {}, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, adapter.task) } }), adapter.task),
      h('span', { class: 'muted' }, `version ${adapter.version}, trained on ${adapter.trainedOn === 0 ? 'the base' : `version ${adapter.trainedOn}`}, ${time(adapter.committedAt)}`)),
    records(adapter.dataset),
    h('p', {}, `${adapter.method}, ${count(adapter.owned)} weights (${percent(adapter.owned / model.eligible)}). `, trained(adapter.training)),
    adapter.race ? h('p', { class: 'muted' }, `Race: ${Object.entries(adapter.race.candidates[adapter.race.winner].values).map(([field, value]) => `${field} ${value}`).join(', ')}. ${adapter.race.remark ?? ''}`) : null,
    h('details', { 'data-key': 'digests' }, h('summary', {}, 'Digests'), facts([
      ['run', adapter.run], ['adapter', adapter.adapter.sha256], ['dataset', adapter.datasetDigest], ['trained on', adapter.parentDigest], ['owned weights', adapter.certificate ?? 'not certified'],
    ])),
    h('details', { 'data-key': 'recipe' }, h('summary', {}, 'Recipe'), facts(recipe(adapter.recipe))),
    adapter.training ? h('details', { 'data-key': 'machine' }, h('summary', {}, 'Machine'), facts(Object.entries(adapter.training.environment))) : null);
}

/** Which records of which topic: the offsets are those of the topic, the last one included. */
function records(dataset) {
  if (!dataset) return h('p', { class: 'problem' }, 'Where its records lie is not in the log.');
  const ranges = dataset.ranges.filter((range) => range.from < range.to);
  return h('div', {},
    h('p', {}, h('code', {}, dataset.topic), `: ${count(dataset.trainExamples)} examples to train on, ${count(dataset.evalExamples)} to measure with, of ${count(dataset.counts.read)} records read`),
    h('details', { 'data-key': 'offsets', open: ranges.length <= 4 }, h('summary', {}, `Offsets in ${count(ranges.length)} ${ranges.length === 1 ? 'partition' : 'partitions'}`),
      table(`Offsets of ${dataset.topic}`, ['Partition', { title: 'First offset', number: true }, { title: 'Last offset', number: true }],
        ranges.map((range) => [String(range.partition), String(range.from), String(range.to - 1)]))));
}

function trained(training) {
  if (!training) return 'How it was trained is not in the log.';
  const left = training.leftOut.length > 0 ? ` Without the records of ${training.leftOut.join(', ')}, which were gone.` : '';
  const cut = training.cutOff > 0 ? ` ${count(training.cutOff)} examples were left out and ${count(training.shortened)} shortened by maxLength.` : training.shortened > 0 ? ` ${count(training.shortened)} examples were shortened by maxLength.` : '';
  return `${count(training.steps)} steps in ${duration(training.seconds)}, loss ${fixed(training.finalLoss, 3)} at the end.${cut}${left}`;
}

function recipe(text) {
  try {
    return Object.entries(JSON.parse(text)).map(([field, value]) => [field, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  } catch {
    return [['recipe', text]];
  }
}

const digest = (hex) => h('code', { class: 'digest', title: hex }, short(hex));
const facts = (entries) => h('dl', { class: 'facts' }, entries.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, value)))));

export function startLineage(currentModel) {
  byId('lineage-look').addEventListener('click', () => look(currentModel(), Number(byId('lineage-version').value)));
  on('versions', 'click', 'button[data-lineage]', (button) => {
    look(currentModel(), Number(button.dataset.lineage));
    byId('lineage-title').scrollIntoView({ block: 'start' });
    byId('lineage-title').focus();
  });
}
