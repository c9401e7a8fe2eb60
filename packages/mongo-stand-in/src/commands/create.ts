import { equalValues } from '../bson/compare.ts'
import { serverError } from '../server-error.ts'
import { checkView } from '../views/check-view.ts'
import { viewOf } from '../views/view-definition.ts'
import { collectionOptions } from './collection-options.ts'
import type { Command } from './command.ts'
import { createCollection, lockExclusively, targetNamespace, useEntry } from './context.ts'

export const create: Command = {
  name: 'create',
  inTransaction: true,
  async run(context) {
    const { command, transaction, server } = context
    const ns = targetNamespace(context)
    const options = collectionOptions(command)
    if (options.viewOn !== undefined && transaction !== undefined) {
      throw serverError(
        263,
        'OperationNotSupportedInTransaction',
        `Cannot create the view ${ns} in a multi-document transaction.`,
      )
    }
    if (transaction === undefined) await lockExclusively(context, ns)
    const { catalog } = server.store
    const known = transaction === undefined ? catalog.get(ns) : await useEntry(context, ns)
    if (known !== undefined) {
      // Creating again what is there, exactly so, is no error since MongoDB 7.0.
      if (equalValues(known.options, options)) return {}
      const what = viewOf(known) === undefined ? 'Collection' : 'View'
      throw serverError(48, 'NamespaceExists', `${what} ${ns} already exists with different options.`)
    }
    if (options.viewOn !== undefined) checkView(catalog, ns, options)
    createCollection(context, ns, options)
    return {}
  },
}
