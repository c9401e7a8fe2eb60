import { compareValues, indexKey } from '../bson/compare.ts'
import { valuesAtPath } from '../bson/path.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import type { Command } from './command.ts'
import { readView, targetNamespace, useCollection } from './context.ts'
import { documentField, stringField } from './fields.ts'
import { collationOf } from './read-request.ts'

export const distinct: Command = {
  name: 'distinct',
  inTransaction: true,
  async run(context) {
    const { command, readAt } = context
    const collection = await useCollection(context, targetNamespace(context))
    const collation = collationOf(command, collection)
    const path = stringField(command, 'key')
    const filter = documentField(command, 'query') ?? {}
    const values = new Map<string, unknown>()
    for (const { document } of findDocuments(collection, readView(context), {
      filter,
      hint: command.hint,
      collation,
    })) {
      for (const value of valuesAtPath(document, path)) {
        const isNothing = value === undefined || (Array.isArray(value) && value.length === 0)
        const key = isNothing ? undefined : indexKey(value, collation)
        if (key !== undefined && !values.has(key)) values.set(key, value)
      }
    }
    const sorted = [...values.values()].sort((a, b) => compareValues(a, b, collation))
    return { values: sorted, ...(readAt === undefined ? {} : { atClusterTime: toTimestamp(readAt) }) }
  },
}
