import fc from 'fast-check'
import { anyValue, dates, documentOf, numbers, objectIds, texts } from './arbitrary-value.ts'
import { setMember } from './bson-value.ts'
import type { CompiledChild, CompiledField, CompiledTable, PathNode } from './compiled-table.ts'
import { compiledTableOf } from './define-mapping.ts'
import type { Document, Mapping } from './types.ts'

const ABSENT = Symbol('absent')

/**
 * Documents as this mapping may meet them: mostly what its columns stand for, with null, missing, wrong types, odd
 * numbers, unknown keys and arrays that are none mixed in. For `fc.assert(fc.property(arbitraryDocument(m), ...))`.
 */
export function arbitraryDocument(mapping: Mapping): fc.Arbitrary<Document> {
  const ids = mapping.identity === 'object-id' ? objectIds : fc.oneof(texts, objectIds, numbers)
  const content = tableContent(compiledTableOf(mapping), 4)
  // An ObjectId most of the time, or nothing would be mapped.
  const id = fc.oneof(
    { weight: 19, arbitrary: ids as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: anyValue },
  )
  return fc.tuple(id, content).map(([_id, document]) => ({ ...document, _id }))
}

function tableContent(table: CompiledTable, dirt: number): fc.Arbitrary<Document> {
  return fc
    .tuple(
      nodeContent(table.root, dirt),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: documentOf(anyValue) }),
    )
    .map(([known, unknown]) => merged(unknown, known))
}

function nodeContent(node: PathNode, dirt: number): fc.Arbitrary<Document> {
  const members = [...node.members]
  return fc.tuple(...members.map(([, member]) => memberValue(member, dirt))).map((values) => {
    const document: Document = {}
    for (const [i, [key]] of members.entries()) if (values[i] !== ABSENT) setMember(document, key, values[i])
    return document
  })
}

function memberValue(node: PathNode, dirt: number): fc.Arbitrary<unknown> {
  const required = node.field?.refused === 'quarantine'
  return fc.oneof(
    { weight: required ? 40 : 12, arbitrary: cleanValue(node, dirt) },
    { weight: required ? 1 : dirt, arbitrary: fc.constant(ABSENT) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: required ? 1 : 2, arbitrary: anyValue },
  )
}

function cleanValue(node: PathNode, dirt: number): fc.Arbitrary<unknown> {
  if (node.child !== undefined) return childValue(node.child, dirt)
  if (node.members.size > 0) {
    const known = nodeContent(node, dirt)
    if (node.field === undefined) return known
    return fc.tuple(documentOf(anyValue), known).map(([rest, mapped]) => merged(rest, mapped))
  }
  return node.field === undefined ? anyValue : fieldValue(node.field)
}

function childValue(child: CompiledChild, dirt: number): fc.Arbitrary<unknown> {
  const [scalar] = child.table.fields
  if (child.kind === 'values')
    return scalar === undefined ? fc.constant([]) : fc.array(fieldValue(scalar), { maxLength: 4 })
  const element = tableContent(child.table, dirt)
  return child.kind === 'row' ? element : fc.array(element, { maxLength: 3 })
}

function fieldValue({ codec, columns }: CompiledField): fc.Arbitrary<unknown> {
  const [column] = columns
  if (column?.enumValues !== undefined && column.enumValues.length > 0)
    return fc.constantFrom(...column.enumValues)
  if (codec.kind.startsWith('array of')) return fc.array(fc.oneof(texts, numbers), { maxLength: 3 })
  switch (codec.kind) {
    case 'text':
      return texts
    case 'decimal':
    case 'integer':
      return numbers
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return dates
    case 'object-id':
    case 'entity-id':
      return objectIds
    case 'reference':
      return fc.oneof(objectIds, texts)
    default:
      return anyValue
  }
}

function merged(under: Document, over: Document): Document {
  const both: Document = {}
  for (const [key, value] of [...Object.entries(under), ...Object.entries(over)]) setMember(both, key, value)
  return both
}
