import { notSupported, serverError } from '../server-error.ts'
import { splitNamespace } from '../storage/catalog.ts'
import { viewOf } from '../views/view-definition.ts'
import { assertMayBeCreated } from './collection-name.ts'
import { existing } from './collection-stats.ts'
import type { Command } from './command.ts'
import { lockExclusively } from './context.ts'
import { booleanField, stringField } from './fields.ts'

export const renameCollection: Command = {
  name: 'renameCollection',
  adminOnly: true,
  fields: ['to', 'dropTarget', 'stayTemp'],
  async run(context) {
    const { command, server } = context
    const { catalog, changeCatalog } = server.store
    const from = stringField(command, 'renameCollection')
    const to = stringField(command, 'to')
    if (splitNamespace(from).db !== splitNamespace(to).db)
      throw notSupported('renameCollection across databases')
    assertMayBeCreated(to)
    if (from === to) throw serverError(20, 'IllegalOperation', "Can't rename a collection to itself")
    // In one order for everybody, so that two renames cannot wait for each other.
    for (const ns of [from, to].sort()) await lockExclusively(context, ns)
    const source = existing(catalog.get(from), from)
    if (viewOf(source) !== undefined)
      throw serverError(166, 'CommandNotSupportedOnView', `cannot rename view: ${from}`)
    const target = catalog.get(to)
    if (viewOf(target) !== undefined)
      throw serverError(48, 'NamespaceExists', `a view already exists with that name: ${to}`)
    if (target !== undefined) {
      if (booleanField(command, 'dropTarget') !== true) {
        throw serverError(48, 'NamespaceExists', 'target namespace exists')
      }
      // One step for the catalog; the log tells the drop of the target by the rename alone.
      changeCatalog('rename', from, { to, dropTarget: target.uuid })
    } else changeCatalog('rename', from, { to })
    return {}
  },
}
