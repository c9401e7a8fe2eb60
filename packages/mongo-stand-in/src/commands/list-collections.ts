import type { Document } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { compileQuery } from '../query/compile-query.ts'
import { splitNamespace } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import { viewOf } from '../views/view-definition.ts'
import type { Command } from './command.ts'
import { booleanField, documentField, numberField } from './fields.ts'
import { resultReply } from './first-batch.ts'

export const listCollections: Command = {
  name: 'listCollections',
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run(context) {
    const { command, db, server } = context
    const filter = compileQuery(documentField(command, 'filter') ?? {})
    const nameOnly = booleanField(command, 'nameOnly') === true
    const described = [...server.store.catalog.values()]
      .filter(({ ns }) => splitNamespace(ns).db === db)
      .sort((a, b) => (a.ns < b.ns ? -1 : 1))
      .map(describe)
      .filter((collection) => filter.test(collection))
      .map(({ name, type, ...rest }) => encodeDocument(nameOnly ? { name, type } : { name, type, ...rest }))
    const batchSize = numberField(documentField(command, 'cursor') ?? {}, 'batchSize')
    return resultReply(context, described, { ns: `${db}.$cmd.listCollections`, batchSize })
  },
}

function describe(entry: Collection): Document {
  const { ns, options, uuid, ids } = entry
  const { coll: name } = splitNamespace(ns)
  if (viewOf(entry) !== undefined) return { name, type: 'view', options, info: { readOnly: true } }
  return {
    name,
    type: 'collection',
    options,
    info: { readOnly: false, uuid },
    ...(options.clusteredIndex === undefined ? { idIndex: ids.definition.spec } : {}),
  }
}
