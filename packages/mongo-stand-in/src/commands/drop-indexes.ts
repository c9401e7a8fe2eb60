import { type Document, Int32 } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { locationError, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { assertNoView } from '../views/view-definition.ts'
import { existing } from './collection-stats.ts'
import type { Command } from './command.ts'
import { lockExclusively, targetNamespace } from './context.ts'

export const dropIndexes: Command = {
  name: 'dropIndexes',
  fields: ['index'],
  aliases: ['deleteIndexes'],
  async run(context) {
    const { command, server } = context
    const ns = targetNamespace(context)
    if (command.index === undefined)
      throw locationError(40414, "BSON field 'dropIndexes.index' is missing but a required field")
    await lockExclusively(context, ns)
    const collection = existing(server.store.catalog.get(ns), ns)
    assertNoView(collection)
    const before = collection.indexes.size + 1
    const names = namesToDrop(collection, command.index)
    const indexes = names.map((name) => collection.indexes.get(name)?.definition.spec)
    if (names.length > 0) server.store.changeCatalog('dropIndexes', ns, { names, indexes })
    return { nIndexesWas: new Int32(before) }
  },
}

function namesToDrop(collection: Collection, which: unknown): string[] {
  if (which === '*') return [...collection.indexes.keys()]
  const wanted = Array.isArray(which) ? which : [which]
  return wanted.map((one: unknown) => findName(collection, one))
}

function findName(collection: Collection, which: unknown): string {
  if (which === '_id_' || (isDocument(which) && equalValues(which, { _id: 1 } satisfies Document))) {
    throw serverError(72, 'InvalidOptions', 'cannot drop _id index')
  }
  for (const { definition } of collection.indexes.values()) {
    if (isDocument(which) ? equalValues(which, definition.spec.key) : which === definition.name)
      return definition.name
  }
  throw serverError(27, 'IndexNotFound', `index not found with name [${String(which)}]`)
}
