import { type Document, Int32 } from 'bson'
import { collationFrom } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { planQuery } from '../planning/plan-query.ts'
import { notSupported } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { LATEST } from '../storage/stored-record.ts'
import type { Command } from './command.ts'
import { namespace, useCollection } from './context.ts'
import { documentField, stringField } from './fields.ts'

/** Tells which index a find, count, distinct, update, delete, findAndModify or aggregate would use. */
export const explain: Command = {
  name: 'explain',
  async run(context) {
    const { command, db } = context
    const inner = documentField(command, 'explain') ?? {}
    const name = Object.keys(inner)[0] ?? ''
    const ns = namespace(db, stringField(inner, name))
    const collection = await useCollection(context, ns)
    const request = requestOf(name, inner)
    const winningPlan = collection === undefined ? { stage: 'EOF' } : describePlan(collection, request)
    const nReturned = new Int32([...findDocuments(collection, LATEST, request)].length)
    return {
      explainVersion: '1',
      queryPlanner: { namespace: ns, parsedQuery: request.filter, winningPlan, rejectedPlans: [] },
      executionStats: { executionSuccess: true, nReturned },
      command: inner,
      serverInfo: { host: context.server.address, version: 'stand-in' },
    }
  },
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
