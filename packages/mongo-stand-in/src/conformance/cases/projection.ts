import type { Document } from 'bson'
import type { ConformanceCase, Expected, Given } from '../case.ts'

interface ProjectionRow {
  readonly name: string
  readonly page?: string
  readonly says: string
  readonly given: Given
  readonly filter?: Document
  readonly projection: Document
  readonly gives: Expected
}

const project = 'tutorial/project-fields-from-query-results'
const grades: Given = [{ _id: 1, name: 'x', a: [1, 2, 3, 4, 5], d: { e: 1, f: 2 } }]

const rows: readonly ProjectionRow[] = [
  {
    name: 'included fields and _id',
    says: 'a projection of fields set to 1 gives these and _id',
    given: grades,
    projection: { name: 1 },
    gives: [{ _id: 1, name: 'x' }],
  },
  {
    name: 'included fields without _id',
    says: '_id is left out by setting it to 0',
    given: grades,
    projection: { name: 1, _id: 0 },
    gives: [{ name: 'x' }],
  },
  {
    name: 'included fields keep the order of the document',
    page: 'reference/operator/aggregation/project',
    says: 'fields of the document come in their own order, not in that of the projection',
    given: [{ _id: 1, b: 1, a: 2, c: 3 }],
    projection: { c: 1, a: 1, b: 1 },
    gives: [{ _id: 1, b: 1, a: 2, c: 3 }],
  },
  {
    name: 'excluded fields',
    says: 'a projection of fields set to 0 gives all others',
    given: grades,
    projection: { a: 0, d: 0 },
    gives: [{ _id: 1, name: 'x' }],
  },
  {
    name: 'any number but 0 includes',
    page: 'reference/method/db.collection.find',
    says: 'non-zero numbers are true and include the field',
    given: grades,
    projection: { name: 5 },
    gives: [{ _id: 1, name: 'x' }],
  },
  {
    name: 'false excludes',
    page: 'reference/method/db.collection.find',
    says: '0 and false exclude the field',
    given: grades,
    projection: { name: false, a: 0 },
    gives: [{ _id: 1, d: { e: 1, f: 2 } }],
  },
  {
    name: 'a field of an embedded document',
    says: 'dot notation includes one field of an embedded document',
    given: grades,
    projection: { 'd.f': 1 },
    gives: [{ _id: 1, d: { f: 2 } }],
  },
  {
    name: 'a field of an embedded document, excluded',
    says: 'dot notation leaves one field of an embedded document out',
    given: grades,
    projection: { 'd.e': 0, a: 0 },
    gives: [{ _id: 1, name: 'x', d: { f: 2 } }],
  },
  {
    name: 'embedded documents in a projection',
    page: 'reference/method/db.collection.find',
    says: 'an embedded document in the projection is the same as dot notation',
    given: grades,
    projection: { d: { e: 1 } },
    gives: [{ _id: 1, d: { e: 1 } }],
  },
  {
    name: 'a field of the documents of an array',
    says: 'dot notation projects fields of the documents inside of an array',
    given: [{ _id: 1, a: [{ b: 1, c: 2 }, { c: 3 }, 5] }],
    projection: { 'a.b': 1 },
    gives: [{ _id: 1, a: [{ b: 1 }, {}] }],
  },
  {
    name: 'a field of the documents of an array, excluded',
    says: 'dot notation leaves fields of the documents inside of an array out; other elements stay',
    given: [{ _id: 1, a: [{ b: 1, c: 2 }, { c: 3 }, 5] }],
    projection: { 'a.c': 0 },
    gives: [{ _id: 1, a: [{ b: 1 }, {}, 5] }],
  },
  {
    name: 'a path through a scalar includes nothing of it',
    says: 'dot notation includes fields of embedded documents',
    given: [{ _id: 1, a: 5 }],
    projection: { 'a.b': 1 },
    gives: [{ _id: 1 }],
  },
  {
    name: '$slice of the first elements',
    page: 'reference/operator/projection/slice',
    says: 'a positive number gives so many elements from the start; alone it leaves other fields in',
    given: grades,
    projection: { a: { $slice: 2 } },
    gives: [{ _id: 1, name: 'x', a: [1, 2], d: { e: 1, f: 2 } }],
  },
  {
    name: '$slice of the last elements',
    page: 'reference/operator/projection/slice',
    says: 'a negative number gives so many elements from the end',
    given: grades,
    projection: { a: { $slice: -2 }, d: 0 },
    gives: [{ _id: 1, name: 'x', a: [4, 5] }],
  },
  {
    name: '$slice with skip',
    page: 'reference/operator/projection/slice',
    says: '[skip, number] skips from the start and then takes the number',
    given: grades,
    projection: { name: 1, a: { $slice: [1, 2] } },
    gives: [{ _id: 1, name: 'x', a: [2, 3] }],
  },
  {
    name: '$slice with a negative skip',
    page: 'reference/operator/projection/slice',
    says: 'a negative skip counts from the end',
    given: grades,
    projection: { name: 1, a: { $slice: [-3, 2] } },
    gives: [{ _id: 1, name: 'x', a: [3, 4] }],
  },
  {
    name: '$slice with a skip beyond the start',
    page: 'reference/operator/projection/slice',
    says: 'a negative skip beyond the start begins at the first element',
    given: grades,
    projection: { name: 1, a: { $slice: [-9, 2] } },
    gives: [{ _id: 1, name: 'x', a: [1, 2] }],
  },
  {
    name: '$slice of what is no array',
    page: 'reference/operator/projection/slice',
    says: '$slice sets how many elements of an array are returned; other values stay',
    given: [{ _id: 1, a: 'text' }],
    projection: { a: { $slice: 1 } },
    gives: [{ _id: 1, a: 'text' }],
  },
  {
    name: '$elemMatch gives the first element that fits',
    page: 'reference/operator/projection/elemMatch',
    says: '$elemMatch limits an array to the first element that matches',
    given: [
      {
        _id: 1,
        z: 9,
        a: [
          { s: 1, n: 1 },
          { s: 2, n: 2 },
          { s: 2, n: 3 },
        ],
      },
    ],
    projection: { a: { $elemMatch: { s: 2 } } },
    gives: [{ _id: 1, a: [{ s: 2, n: 2 }] }],
  },
  {
    name: '$elemMatch that fits nothing leaves the field out',
    page: 'reference/operator/projection/elemMatch',
    says: 'where no element matches the field is not returned',
    given: [{ _id: 1, a: [{ s: 1 }] }],
    projection: { a: { $elemMatch: { s: 2 } } },
    gives: [{ _id: 1 }],
  },
  {
    name: 'the positional operator gives the element that matched',
    page: 'reference/operator/projection/positional',
    says: '$ limits the array to the first element that meets the query condition on it',
    given: [{ _id: 1, a: [5, 8, 9], b: 1 }],
    filter: { a: { $gte: 8 } },
    projection: { 'a.$': 1 },
    gives: [{ _id: 1, a: [8] }],
  },
  {
    name: 'the positional operator with documents',
    page: 'reference/operator/projection/positional',
    says: 'the condition may be on a field of the array’s documents',
    given: [
      {
        _id: 1,
        a: [
          { m: 1, v: 1 },
          { m: 7, v: 2 },
          { m: 9, v: 3 },
        ],
      },
    ],
    filter: { a: { $elemMatch: { m: { $gt: 5 } } } },
    projection: { 'a.$': 1 },
    gives: [{ _id: 1, a: [{ m: 7, v: 2 }] }],
  },
  {
    name: 'the positional operator without a condition on the array',
    page: 'reference/operator/projection/positional',
    says: 'the array field must be part of the query',
    given: [{ _id: 1, a: [1], b: 1 }],
    filter: { b: 1 },
    projection: { 'a.$': 1 },
    gives: { error: 51246 },
  },
  {
    name: 'a computed field',
    page: 'reference/method/db.collection.find',
    says: 'a projection accepts aggregation expressions; new fields come after those of the document',
    given: [{ _id: 1, x: 2, y: 3 }],
    projection: { sum: { $add: ['$x', '$y'] }, x: 1 },
    gives: [{ _id: 1, x: 2, sum: 5 }],
  },
  {
    name: 'a string is a path or a literal',
    page: 'reference/method/db.collection.find',
    says: 'a string with $ in front stands for a field, another for itself',
    given: [{ _id: 1, x: 2 }],
    projection: { copy: '$x', text: 'x' },
    gives: [{ _id: 1, copy: 2, text: 'x' }],
  },
  {
    name: '$literal',
    page: 'reference/operator/aggregation/literal',
    says: '$literal gives a value that would be read as inclusion otherwise',
    given: [{ _id: 1, x: 2 }],
    projection: { one: { $literal: 1 } },
    gives: [{ _id: 1, one: 1 }],
  },
  {
    name: 'exclusion among inclusions is refused',
    page: 'reference/method/db.collection.find',
    says: 'a projection cannot both include and exclude fields, _id apart',
    given: grades,
    projection: { a: 1, name: 0 },
    gives: { error: 31254 },
  },
  {
    name: 'inclusion among exclusions is refused',
    page: 'reference/method/db.collection.find',
    says: 'a projection cannot both include and exclude fields, _id apart',
    given: grades,
    projection: { a: 0, name: 1 },
    gives: { error: 31253 },
  },
  {
    name: '_id alone excluded',
    says: 'excluding _id alone gives all other fields',
    given: [{ _id: 1, x: 2, y: [1] }],
    projection: { _id: 0 },
    gives: [{ x: 2, y: [1] }],
  },
  {
    name: '_id alone included',
    says: 'including _id alone gives _id',
    given: grades,
    projection: { _id: 1 },
    gives: [{ _id: 1 }],
  },
]

export const projection: readonly ConformanceCase[] = rows.map(
  ({ name, page, says, given, filter, ...row }) => ({
    name,
    page: page ?? project,
    says,
    given,
    when: { find: filter ?? {}, projection: row.projection },
    gives: row.gives,
  }),
)
