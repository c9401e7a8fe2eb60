import {
  type ClientSession,
  type Db,
  type Document,
  type MongoClient,
  MongoError,
  MongoServerError,
} from 'mongodb'
import type { ConformanceCase, Expected, Given, GivenCollections } from './case.ts'
import { exactText } from './exact-text.ts'
import type { Step } from './operation.ts'
import { type Outcome, runOperation, type World } from './run-operation.ts'

/** What was to come and what came, in lines of exact text; the case is kept when they are equal. */
export interface Verdict {
  readonly expected: readonly string[]
  readonly actual: readonly string[]
}

/** Runs the case in an empty database of its own, that it leaves empty. */
export async function runCase(client: MongoClient, db: Db, one: ConformanceCase): Promise<Verdict> {
  const given = collectionsOf(one.given)
  const sessions = new Map<string, ClientSession>()
  const world: World = {
    db,
    streams: new Map(),
    session: (name) => {
      const session = sessions.get(name) ?? client.startSession()
      sessions.set(name, session)
      return session
    },
  }
  try {
    await prepare(db, given)
    const steps: readonly Step[] = Array.isArray(one.when) ? one.when : [one.when]
    const verdict: { expected: string[]; actual: string[] } = { expected: [], actual: [] }
    for (const [at, step] of steps.entries()) {
      const expected = at === steps.length - 1 ? one.gives : step.gives
      const { expected: wanted, actual } = await runStep(world, step, expected)
      verdict.expected.push(...wanted)
      verdict.actual.push(...actual)
    }
    return verdict
  } finally {
    for (const { stream } of world.streams.values()) await stream.close()
    for (const session of sessions.values()) await session.endSession()
    await db.dropDatabase()
  }
}

export const isKept = ({ expected, actual }: Verdict): boolean => expected.join('\n') === actual.join('\n')

function collectionsOf(given: Given): GivenCollections {
  return isList(given) ? { documents: given } : given
}

async function prepare(db: Db, { documents, indexes, options, others }: GivenCollections): Promise<void> {
  await db.createCollection('things', options)
  for (const { key, ...rest } of indexes ?? []) await db.collection('things').createIndex(key, rest)
  for (const [name, contents] of Object.entries({ things: documents ?? [], ...others })) {
    if (contents.length > 0)
      await db.collection(name).insertMany(contents.map((document) => ({ ...document })))
  }
}

async function runStep(world: World, step: Step, expected: Expected | undefined): Promise<Verdict> {
  const session = step.in === undefined ? undefined : world.session(step.in)
  try {
    const outcome = await runOperation(world, step, session)
    return expected === undefined ? { expected: [], actual: [] } : await compare(world.db, outcome, expected)
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    if (expected === undefined) throw error
    return await compareError(world.db, error, expected)
  }
}

async function compare(db: Db, outcome: Outcome, expected: Expected): Promise<Verdict> {
  if ('error' in expected) return { expected: [`error ${expected.error}`], actual: [shown(outcome)] }
  if ('result' in expected) {
    const wanted = [exactText(expected.result)]
    const actual = [
      exactText(outcome.kind === 'reply' ? namedFields(outcome.reply, expected.result) : wholeValue(outcome)),
    ]
    return withAfter(db, { expected: wanted, actual }, expected.after)
  }
  const found = outcome.kind === 'documents' ? outcome.documents : await contents(db)
  if ('ids' in expected) {
    const wanted = expected.ids.map(exactText)
    const actual = found.map((document) => exactText(document._id))
    return expected.anyOrder
      ? { expected: wanted.sort(), actual: actual.sort() }
      : { expected: wanted, actual }
  }
  return { expected: expected.map(exactText), actual: found.map(exactText) }
}

async function compareError(db: Db, error: MongoError, expected: Expected): Promise<Verdict> {
  const actual = `error ${String(error.code)}`
  if (!('error' in expected)) return { expected: ['no error'], actual: [`${actual}: ${error.message}`] }
  const { error: code, message = '', details = {}, labels = [], after } = expected
  const reply = error instanceof MongoServerError ? error.errorResponse : {}
  const missing = labels.filter((label) => !error.hasErrorLabel(label))
  const verdict = {
    expected: [
      `error ${code}`,
      `with ${message}`,
      exactText(details),
      ...missing.map((label) => `label ${label}`),
    ],
    actual: [
      actual,
      error.message.includes(message) ? `with ${message}` : `with ${error.message}`,
      exactText(namedFields(reply, details)),
    ],
  }
  return withAfter(db, verdict, after)
}

async function withAfter(db: Db, verdict: Verdict, after: readonly Document[] | undefined): Promise<Verdict> {
  if (after === undefined) return verdict
  const found = await contents(db)
  return {
    expected: [...verdict.expected, 'after:', ...after.map(exactText)],
    actual: [...verdict.actual, 'after:', ...found.map(exactText)],
  }
}

const contents = (db: Db) =>
  db
    .collection('things')
    .find({}, { promoteValues: false, promoteBuffers: false, bsonRegExp: true })
    .toArray()

function namedFields(reply: Document, named: unknown): Document {
  const names = typeof named === 'object' && named !== null ? Object.keys(named) : []
  return Object.fromEntries(names.map((name) => [name, reply[name] ?? null]))
}

function wholeValue(outcome: Outcome): unknown {
  if (outcome.kind === 'documents') return outcome.documents
  return outcome.kind === 'value' ? outcome.value : outcome.reply
}

const shown = (outcome: Outcome) => exactText(wholeValue(outcome))

const isList = (given: Given): given is readonly Document[] => Array.isArray(given)
