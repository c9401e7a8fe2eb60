import { type Document, Long } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { assertKnownFields, isGenericArgument } from '../dispatch/generic-arguments.ts'
import { locationError, notSupported, type ServerError, serverError, typeMismatch } from '../server-error.ts'
import {
  booleanField,
  choiceField,
  documentField,
  documentListField,
  numberField,
  stringField,
} from './fields.ts'

/** Options that the collection is made with. */
const KEPT = ['validator', 'validationLevel', 'validationAction', 'collation', 'changeStreamPreAndPostImages']
/** Arguments of the command that are no options of the collection, or that change nothing here. */
const WITHOUT_EFFECT = ['autoIndexId', 'idIndex', 'flags', 'temp', 'storageEngine', 'indexOptionDefaults']
const LEFT_OUT = ['timeseries', 'expireAfterSeconds', 'encryptedFields', 'recordPreImages']

/** The options with which `create` makes a collection or a view, as `listCollections` shows them. */
export function collectionOptions(command: Document): Document {
  if (command.viewOn !== undefined) return viewOptions(command)
  if (command.pipeline !== undefined)
    throw invalidOptions("'pipeline' requires 'viewOn' to also be specified")
  const options: Document = {}
  for (const [name, value] of Object.entries(command)) {
    if (name === 'create' || isGenericArgument(name) || WITHOUT_EFFECT.includes(name)) continue
    if (KEPT.includes(name)) options[name] = value
    else if (LEFT_OUT.includes(name)) throw notSupported(`collection option ${name}`)
    else if (!['capped', 'size', 'max', 'clusteredIndex'].includes(name))
      throw locationError(40415, `BSON field 'create.${name}' is an unknown field.`)
  }
  checkRules(command)
  return { ...cappedOptions(command), ...clusteredOptions(command), ...options }
}

/** Refuses values that `create` and `collMod` cannot take. */
export function checkRules(command: Document): void {
  choiceField(command, 'validationLevel', ['off', 'strict', 'moderate'])
  choiceField(command, 'validationAction', ['error', 'warn'])
  documentField(command, 'validator')
  const images = documentField(command, 'changeStreamPreAndPostImages')
  if (images === undefined) return
  assertKnownFields('changeStreamPreAndPostImages', images, ['enabled'])
  if (typeof images.enabled !== 'boolean')
    throw typeMismatch("BSON field 'changeStreamPreAndPostImages.enabled' must be a bool")
}

function viewOptions(command: Document): Document {
  for (const name of Object.keys(command)) {
    if (!['create', 'viewOn', 'pipeline', 'collation'].includes(name) && !isGenericArgument(name))
      throw invalidOptions(`option not supported on a view: ${name}`)
  }
  const viewOn = stringField(command, 'viewOn')
  if (viewOn === '') throw invalidOptions("'viewOn' cannot be empty")
  const collation = documentField(command, 'collation')
  return {
    viewOn,
    pipeline: command.pipeline === undefined ? [] : documentListField(command, 'pipeline'),
    ...(collation === undefined ? {} : { collation }),
  }
}

function cappedOptions(command: Document): Document {
  if (booleanField(command, 'capped') !== true) {
    const stray = ['size', 'max'].find((name) => command[name] !== undefined)
    if (stray !== undefined)
      throw invalidOptions(`the '${stray}' field requires the 'capped' field to be true`)
    return {}
  }
  const size = numberField(command, 'size')
  if (size === undefined) throw invalidOptions("the 'size' field is required when 'capped' is true")
  if (!(size > 0)) throw serverError(2, 'BadValue', "the 'size' field must be greater than 0")
  const max = numberField(command, 'max')
  return {
    capped: true,
    size: Long.fromNumber(size),
    ...(max === undefined || max <= 0 ? {} : { max: Long.fromNumber(max) }),
  }
}

/** Documents that lie in the order of their `_id`: nothing that a client could tell from any other collection. */
function clusteredOptions(command: Document): Document {
  const clustered: unknown = command.clusteredIndex
  if (clustered === undefined || clustered === false || clustered === null) return {}
  if (!isDocument(clustered)) throw invalidOptions('clusteredIndex must be a document')
  if (!equalValues(clustered.key, { _id: 1 }) || booleanField(clustered, 'unique') !== true)
    throw serverError(
      197,
      'InvalidIndexSpecificationOption',
      "The field 'clusteredIndex' needs the key {_id: 1} and unique: true",
    )
  const { key, unique, name = '_id_', v = 2, ...unknown } = clustered
  const [extra] = Object.keys(unknown)
  if (extra !== undefined)
    throw locationError(40415, `BSON field 'create.clusteredIndex.${extra}' is an unknown field.`)
  return { clusteredIndex: { v, key, name, unique } }
}

function invalidOptions(message: string): ServerError {
  return serverError(72, 'InvalidOptions', message)
}
