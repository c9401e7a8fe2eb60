import { encodeDocument } from '../bson/decode.ts'
import { existing } from './collection-stats.ts'
import type { Command } from './command.ts'
import { targetNamespace, useCollection } from './context.ts'
import { documentField, numberField } from './fields.ts'
import { resultReply } from './first-batch.ts'

export const listIndexes: Command = {
  name: 'listIndexes',
  fields: ['cursor'],
  async run(context) {
    const ns = targetNamespace(context)
    const collection = existing(await useCollection(context, ns), ns)
    const specs = [collection.ids, ...collection.indexes.values()].map(({ definition }) =>
      encodeDocument(definition.spec),
    )
    const batchSize = numberField(documentField(context.command, 'cursor') ?? {}, 'batchSize')
    return resultReply(context, specs, { ns, batchSize })
  },
}
