import { type Document, Int32 } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { badValue, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { defineIndex, type IndexDefinition } from '../storage/index-definition.ts'
import { duplicateKey } from '../storage/unique-keys.ts'
import { assertNoView } from '../views/view-definition.ts'
import type { Command } from './command.ts'
import {
  type CommandContext,
  createCollection,
  lockExclusively,
  targetNamespace,
  useCollection,
} from './context.ts'
import { duplicates } from './duplicate-keys.ts'
import { documentListField } from './fields.ts'
import { completeSpecification } from './index-specification.ts'

export const createIndexes: Command = {
  name: 'createIndexes',
  fields: ['indexes', 'commitQuorum'],
  inTransaction: true,
  async run(context) {
    const { command, server, transaction } = context
    const ns = targetNamespace(context)
    const specs = specifications(command)
    const known = await collectionToIndex(context, ns)
    const collection = known ?? createCollection(context, ns, {})
    const before = collection.indexes.size + 1
    const added = newIndexes(collection, specs)
    for (const definition of added) assertBuildable(collection, definition)
    if (transaction === undefined) {
      if (added.length > 0)
        server.store.changeCatalog('createIndexes', ns, { indexes: added.map(({ spec }) => spec) })
    } else if (added.length > 0) {
      if (transaction.unit.created.get(ns) !== collection) {
        throw serverError(
          263,
          'OperationNotSupportedInTransaction',
          `Cannot create new indexes on existing collection ${ns} in a multi-document transaction.`,
        )
      }
      for (const definition of added) collection.addIndex(definition)
    }
    return {
      numIndexesBefore: new Int32(before),
      numIndexesAfter: new Int32(before + added.length),
      createdCollectionAutomatically: known === undefined,
      ...(added.length === 0 ? { note: 'all indexes already exist' } : {}),
    }
  },
}

function specifications(command: Document): Document[] {
  const specs = documentListField(command, 'indexes').map(completeSpecification)
  if (specs.length === 0) throw badValue('Must specify at least one index to create')
  return specs
}

/** Indexes that are there already need no exclusive lock: applications ask for theirs at every start. */
async function collectionToIndex(context: CommandContext, ns: string): Promise<Collection | undefined> {
  if (context.transaction !== undefined) return useCollection(context, ns)
  const specs = specifications(context.command)
  const collection = context.server.store.catalog.get(ns)
  assertNoView(collection)
  if (collection !== undefined && newIndexes(collection, specs).length === 0)
    return useCollection(context, ns)
  await lockExclusively(context, ns)
  return context.server.store.catalog.get(ns)
}

/** What is to be built; refuses what contradicts an index that is there. */
function newIndexes(collection: Collection, specs: Document[]): IndexDefinition[] {
  const added: IndexDefinition[] = []
  for (const requested of specs) {
    const spec =
      requested.collation === undefined && collection.options.collation !== undefined
        ? { ...requested, collation: collection.options.collation }
        : requested
    const definition = defineIndex(spec)
    const present = [collection.ids, ...collection.indexes.values()].map((index) => index.definition)
    if (!isPresent(definition, present)) added.push(definition)
  }
  return added
}

function isPresent({ name, spec }: IndexDefinition, present: IndexDefinition[]): boolean {
  for (const other of present) {
    const sameKey = sameKeyPattern(other.spec, spec)
    const same = sameKey && equalValues(identity(other.spec), identity(spec))
    if (other.name === name && other.name === '_id_' && sameKey) return true
    if (other.name === name && !sameKey) {
      throw serverError(
        86,
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(other.spec)}`,
      )
    }
    if (other.name === name && !same) {
      throw serverError(
        86,
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index but other options: ${name}`,
      )
    }
    if (
      same &&
      other.spec.expireAfterSeconds !== undefined &&
      !equalValues(other.spec.expireAfterSeconds, spec.expireAfterSeconds)
    ) {
      throw serverError(
        85,
        'IndexOptionsConflict',
        `An equivalent index already exists with the same name but different options: ${name}`,
      )
    }
    if (same && other.name === name) return true
    if (same || (sameKey && name === '_id_')) {
      throw serverError(
        85,
        'IndexOptionsConflict',
        `Index already exists with a different name: ${other.name}`,
      )
    }
  }
  return false
}

/** What makes two indexes of the same keys two different ones. */
function identity({ unique, sparse, partialFilterExpression, collation }: Document): Document {
  return { unique: unique === true, sparse: sparse === true, partialFilterExpression, collation }
}

/** Key patterns are the same if fields, their order and their directions are. */
function sameKeyPattern(a: Document, b: Document): boolean {
  return equalValues(a.key, b.key)
}

/** Refuses an index that the documents break already: a unique one by duplicates, any by parallel arrays. */
function assertBuildable(collection: Collection, definition: IndexDefinition): void {
  if (definition.spec.unique !== true && definition.fields.length < 2) return
  for (const { key } of duplicates(collection, definition))
    if (definition.spec.unique === true) throw duplicateKey(collection.ns, definition, key)
}
