import type { Document } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import type { Collection } from '../storage/collection.ts'
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
    const others = [...collection.indexes.values()].map(({ definition }) => definition.spec)
    const specs = [idIndexOf(collection), ...others].map(encodeDocument)
    const batchSize = numberField(documentField(context.command, 'cursor') ?? {}, 'batchSize')
    return resultReply(context, specs, { ns, batchSize })
  },
}

/** A clustered collection has no index of its `_id`: it is one. */
function idIndexOf({ ids, options: { clusteredIndex } }: Collection): Document {
  return clusteredIndex === undefined ? ids.definition.spec : { ...clusteredIndex, clustered: true }
}
