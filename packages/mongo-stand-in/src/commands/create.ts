import type { Document } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { notSupported, serverError } from '../server-error.ts'
import type { Command } from './command.ts'
import { createCollection, lockExclusively, targetNamespace, useCollection } from './context.ts'

const KEPT = ['validator', 'validationLevel', 'validationAction', 'collation', 'changeStreamPreAndPostImages']
/** Fields of the command that are no options of the collection. */
const IGNORED = new Set([
  'create',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'writeConcern',
  'readConcern',
  'comment',
  'maxTimeMS',
  'autoIndexId',
  'idIndex',
  'flags',
])

export const create: Command = {
  name: 'create',
  inTransaction: true,
  async run(context) {
    const { command, transaction } = context
    const ns = targetNamespace(context)
    const options = collectionOptions(command)
    if (transaction === undefined) await lockExclusively(context, ns)
    const known =
      transaction === undefined ? context.server.store.catalog.get(ns) : await useCollection(context, ns)
    if (known !== undefined) {
      // Creating again what is there, exactly so, is no error since MongoDB 7.0.
      if (equalValues(known.options, options)) return {}
      throw serverError(48, 'NamespaceExists', `Collection ${ns} already exists with different options.`)
    }
    createCollection(context, ns, options)
    return {}
  },
}

function collectionOptions(command: Document): Document {
  const options: Document = {}
  for (const [name, value] of Object.entries(command)) {
    if (KEPT.includes(name)) options[name] = value
    else if (!IGNORED.has(name) && !name.startsWith('$') && value !== false && value !== null) {
      throw notSupported(`collection option ${name}`)
    }
  }
  return options
}
