import type { Document } from 'bson'
import { isGenericArgument } from '../dispatch/generic-arguments.ts'
import { compileQuery } from '../query/compile-query.ts'
import { locationError, notSupported, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { checkView } from '../views/check-view.ts'
import { viewOf } from '../views/view-definition.ts'
import { indexChange } from './coll-mod-index.ts'
import { checkRules } from './collection-options.ts'
import { existing } from './collection-stats.ts'
import type { Command } from './command.ts'
import { lockExclusively, targetNamespace } from './context.ts'
import { documentField, documentListField, stringField } from './fields.ts'

const LEFT_OUT = ['timeseries', 'expireAfterSeconds', 'cappedSize', 'cappedMax', 'dryRun', 'encryptedFields']
const OPTIONS = ['validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages']

/**
 * Changes a collection's options. It waits until every operation and every open transaction that has touched the
 * collection is through, and whoever comes later waits behind it: the fence of a migration rests on that (A9).
 */
export const collMod: Command = {
  name: 'collMod',
  async run(context) {
    const { command, server } = context
    const ns = targetNamespace(context)
    checkRules(command)
    await lockExclusively(context, ns)
    const collection = existing(server.store.catalog.get(ns), ns)
    if (viewOf(collection) !== undefined) {
      const options = viewChange(collection, command)
      checkView(server.store.catalog, ns, options)
      server.store.changeCatalog('modify', ns, { options })
      return {}
    }
    if (command.viewOn !== undefined || command.pipeline !== undefined)
      throw serverError(72, 'InvalidOptions', "options 'viewOn' and 'pipeline' are only supported on a view")
    const changes = optionChanges(command)
    const index = documentField(command, 'index')
    const change = index === undefined ? undefined : indexChange(collection, index)
    const detail = {
      ...(changes === undefined ? {} : { options: merged(collection.options, changes), changes }),
      ...(change === undefined ? {} : { index: change.detail }),
      before: {
        collectionOptions: { uuid: collection.uuid, ...collection.options },
        ...(change === undefined ? {} : { indexOptions: change.before }),
      },
    }
    server.store.changeCatalog('modify', ns, detail)
    return change?.reply ?? {}
  },
}

function optionChanges(command: Document): Document | undefined {
  const changes: Document = {}
  for (const [name, value] of Object.entries(command)) {
    if (OPTIONS.includes(name)) changes[name] = value
    else if (LEFT_OUT.includes(name)) throw notSupported(`collMod option ${name}`)
    else if (name !== 'collMod' && name !== 'index' && !isGenericArgument(name))
      throw locationError(40415, `BSON field 'collMod.${name}' is an unknown field.`)
  }
  // Refuses a validator that makes no sense before anything changes.
  if (changes.validator !== undefined) compileQuery(documentField(changes, 'validator') ?? {})
  return Object.keys(changes).length === 0 ? undefined : changes
}

/** A view is described anew as a whole; only its collation stays. */
function viewChange({ options }: Collection, command: Document): Document {
  const other = Object.keys(command).find(
    (name) => name !== 'collMod' && !isGenericArgument(name) && !['viewOn', 'pipeline'].includes(name),
  )
  if (other !== undefined) throw serverError(72, 'InvalidOptions', `option not supported on a view: ${other}`)
  if (command.viewOn === undefined || command.pipeline === undefined)
    throw serverError(72, 'InvalidOptions', "Must specify both 'viewOn' and 'pipeline' when modifying a view")
  return {
    ...options,
    viewOn: stringField(command, 'viewOn'),
    pipeline: documentListField(command, 'pipeline'),
  }
}

/** An empty validator is none. */
function merged(options: Document, changes: Document): Document {
  const { validator, ...rest } = { ...options, ...changes }
  return validator === undefined || Object.keys(validator).length === 0 ? rest : { validator, ...rest }
}
