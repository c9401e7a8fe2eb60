import { type Document, Int32 } from 'bson'
import type { Collection } from '../storage/collection.ts'
import { viewOf } from '../views/view-definition.ts'
import type { Command } from './command.ts'
import { lockExclusively, targetNamespace } from './context.ts'

/** What the log keeps of a drop: change streams tell that of a view only where they are asked for more. */
export function dropDetail(entry: Collection): Document {
  return viewOf(entry) === undefined ? {} : { view: true }
}

export const drop: Command = {
  name: 'drop',
  fields: [],
  async run(context) {
    const { server } = context
    const ns = targetNamespace(context)
    await lockExclusively(context, ns)
    const collection = server.store.catalog.get(ns)
    // Since MongoDB 7.0 dropping what is not there is no error.
    if (collection === undefined) return {}
    server.store.changeCatalog('drop', ns, dropDetail(collection))
    server.cursors.killWhere((cursor) => cursor.ns === ns && !cursor.source.isChangeStream)
    if (viewOf(collection) !== undefined) return { ns }
    return { nIndexesWas: new Int32(collection.indexes.size + 1), ns }
  },
}
