import { compareValues, indexKey } from '../bson/compare.ts'
import { valuesAtPath } from '../bson/path.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { stagesOfFilter } from '../views/read-as-stages.ts'
import type { Command } from './command.ts'
import { targetNamespace } from './context.ts'
import { documentField, stringField } from './fields.ts'
import { runReadPipeline } from './read-pipeline.ts'
import { openReadSource, readCollation } from './read-source.ts'

export const distinct: Command = {
  name: 'distinct',
  fields: ['key', 'query', 'hint', 'collation'],
  inTransaction: true,
  async run(context) {
    const { command, readAt } = context
    const source = await openReadSource(context, targetNamespace(context))
    const collation = readCollation(command, source)
    const path = stringField(command, 'key')
    const values = new Map<string, unknown>()
    const stages = stagesOfFilter(documentField(command, 'query'))
    for (const document of await runReadPipeline(context, { command, source, stages })) {
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
