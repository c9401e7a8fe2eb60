import { type Document, Int32 } from 'bson'
import { splitFront } from '../aggregate/pipeline-front.ts'
import { collationFrom } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { planQuery } from '../planning/plan-query.ts'
import { notSupported, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { LATEST } from '../storage/stored-record.ts'
import { stagesOfCount, stagesOfFilter, stagesOfFind } from '../views/read-as-stages.ts'
import { notOnView } from '../views/view-definition.ts'
import type { Command } from './command.ts'
import { type CommandContext, namespace } from './context.ts'
import { choiceField, documentField, documentListField } from './fields.ts'
import { runReadPipeline } from './read-pipeline.ts'
import { openReadSource, type ReadSource, readCollation } from './read-source.ts'

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution']
const EXPLAINABLE = new Set(['find', 'count', 'distinct', 'aggregate', 'update', 'delete', 'findAndModify'])

/** Tells which index a find, count, distinct, update, delete, findAndModify or aggregate would use. */
export const explain: Command = {
  name: 'explain',
  fields: ['verbosity'],
  async run(context) {
    const { command, db } = context
    const inner = documentField(command, 'explain') ?? {}
    const name = Object.keys(inner)[0] ?? ''
    choiceField(command, 'verbosity', VERBOSITIES)
    const target: unknown = inner[name]
    if (!EXPLAINABLE.has(name) || typeof target !== 'string')
      throw serverError(20, 'IllegalOperation', `Cannot explain cmd: ${name}`)
    return explainRead(context, name, inner, await openReadSource(context, namespace(db, target)))
  },
}

/** Explains a read of the source, or a write to it. */
export async function explainRead(
  context: CommandContext,
  name: string,
  command: Document,
  source: ReadSource,
): Promise<Document> {
  const { collection, ns } = source
  if (source.view !== undefined) return explainView(context, name, command, source)
  const request = requestOf(name, command)
  const winningPlan = collection === undefined ? { stage: 'EOF' } : describePlan(collection, request)
  const nReturned = [...findDocuments(collection, LATEST, request)].length
  return explanation(context, { ns, filter: request.filter, winningPlan, nReturned, command })
}

interface Explained {
  readonly ns: string
  readonly filter: Document
  readonly winningPlan: Document
  readonly nReturned: number
  readonly command: Document
}

function explanation({ server, command: asked }: CommandContext, told: Explained): Document {
  const { ns, filter, winningPlan, nReturned, command } = told
  return {
    explainVersion: '1',
    queryPlanner: { namespace: ns, parsedQuery: filter, winningPlan, rejectedPlans: [] },
    ...(asked.verbosity === 'queryPlanner' || asked.explain === true
      ? {}
      : { executionStats: { executionSuccess: true, nReturned: new Int32(nReturned) } }),
    command,
    serverInfo: { host: server.address, version: 'stand-in' },
  }
}

/** A view is explained by what its pipeline finds in the collection below. */
async function explainView(
  context: CommandContext,
  name: string,
  command: Document,
  source: ReadSource,
): Promise<Document> {
  const stages = stagesOf(name, command, source)
  const { filter, sort } = splitFront([...(source.view?.pipeline ?? []), ...stages])
  const { collection } = source
  const request = { filter, sort, hint: command.hint, collation: readCollation(command, source) }
  const winningPlan = collection === undefined ? { stage: 'EOF' } : describePlan(collection, request)
  const found = await runReadPipeline(context, { command, source, stages })
  const ns = collection?.ns ?? source.ns
  return explanation(context, { ns, filter, winningPlan, nReturned: [...found].length, command })
}

function stagesOf(name: string, command: Document, { ns }: ReadSource): Document[] {
  switch (name) {
    case 'find':
      return stagesOfFind(command)
    case 'count':
      return stagesOfCount(command)
    case 'distinct':
      return stagesOfFilter(documentField(command, 'query'))
    case 'aggregate':
      return documentListField(command, 'pipeline')
    default:
      throw notOnView(ns)
  }
}

function requestOf(
  name: string,
  command: Document,
): { filter: Document; sort?: Document; hint?: unknown; collation?: ReturnType<typeof collationFrom> } {
  const { hint } = command
  const collation = collationFrom(documentField(command, 'collation'))
  switch (name) {
    case 'find':
      return {
        filter: documentField(command, 'filter') ?? {},
        sort: documentField(command, 'sort'),
        hint,
        collation,
      }
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return {
        filter: documentField(command, 'query') ?? {},
        sort: documentField(command, 'sort'),
        hint,
        collation,
      }
    case 'update':
    case 'delete': {
      const first: unknown = (command.updates ?? command.deletes)?.[0]
      return { filter: isDocument(first) ? (documentField(first, 'q') ?? {}) : {}, hint, collation }
    }
    case 'aggregate': {
      const first: unknown = command.pipeline?.[0]
      return { filter: isDocument(first) && isDocument(first.$match) ? first.$match : {}, hint, collation }
    }
    default:
      throw notSupported(`explain of ${name}`)
  }
}

function describePlan(collection: Collection, request: Parameters<typeof planQuery>[1]): Document {
  const { index, ranges, reverse, sorted } = planQuery(collection, request)
  const direction = reverse ? 'backward' : 'forward'
  const scan =
    index === undefined
      ? { stage: 'COLLSCAN', direction }
      : {
          stage: 'FETCH',
          inputStage: {
            stage: 'IXSCAN',
            indexName: index.definition.name,
            keyPattern: index.definition.spec.key,
            direction,
            ranges: new Int32(ranges.length),
          },
        }
  return sorted ? scan : { stage: 'SORT', sortPattern: request.sort, inputStage: scan }
}
