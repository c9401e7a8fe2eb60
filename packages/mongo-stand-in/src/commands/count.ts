import { Int32 } from 'bson'
import { findDocuments } from '../planning/find-documents.ts'
import { stagesOfCount } from '../views/read-as-stages.ts'
import type { Command } from './command.ts'
import { readView, targetNamespace } from './context.ts'
import { countField, documentField, numberField } from './fields.ts'
import { runReadPipeline } from './read-pipeline.ts'
import { openReadSource, readCollation } from './read-source.ts'

export const count: Command = {
  name: 'count',
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  async run(context) {
    const { command } = context
    const source = await openReadSource(context, targetNamespace(context))
    if (source.view !== undefined) {
      const found = await runReadPipeline(context, { command, source, stages: stagesOfCount(command) })
      return { n: new Int32([...found].length) }
    }
    const { collection } = source
    const filter = documentField(command, 'query') ?? {}
    const skip = countField(command, 'skip') ?? 0
    const limit = Math.abs(numberField(command, 'limit') ?? 0)
    if (Object.keys(filter).length === 0 && context.readAt === undefined) {
      const rest = Math.max(0, (collection?.count ?? 0) - skip)
      return { n: new Int32(limit === 0 ? rest : Math.min(rest, limit)) }
    }
    const collation = readCollation(command, source)
    const found = findDocuments(collection, readView(context), {
      filter,
      hint: command.hint,
      collation,
      skip,
      limit,
    })
    return { n: new Int32([...found].length) }
  },
}
