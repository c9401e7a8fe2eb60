import type { Document } from 'bson'
import type { ConformanceCase, Given } from '../case.ts'

const page = 'reference/collation'
const words: Given = ['cafe', 'café', 'Cafe', 'cafes', 'CAFÉ'].map((v, at) => ({ _id: at + 1, v }))

const finds = (
  name: string,
  says: string,
  given: Given,
  filter: Document,
  collation: Document,
  ids: readonly unknown[],
): ConformanceCase => ({ name, page, says, given, when: { find: filter, collation }, gives: { ids } })

const sorts = (
  name: string,
  says: string,
  strings: readonly string[],
  collation: Document,
): ConformanceCase => ({
  name,
  page,
  says,
  given: strings.map((v, at) => ({ _id: at, v })).reverse(),
  when: { find: {}, sort: { v: 1 }, collation },
  gives: { ids: strings.map((_, at) => at) },
})

export const collation: readonly ConformanceCase[] = [
  finds(
    'strength 1',
    'strength 1 compares base characters alone',
    words,
    { v: 'cafe' },
    { locale: 'en', strength: 1 },
    [1, 2, 3, 5],
  ),
  finds(
    'strength 2',
    'strength 2 compares base characters and accents, not case',
    words,
    { v: 'cafe' },
    { locale: 'en', strength: 2 },
    [1, 3],
  ),
  finds(
    'strength 3',
    'strength 3, the default, compares case too',
    words,
    { v: 'cafe' },
    { locale: 'en' },
    [1],
  ),
  finds(
    'strength 1 with caseLevel',
    'caseLevel compares case beside base characters',
    words,
    { v: 'cafe' },
    { locale: 'en', strength: 1, caseLevel: true },
    [1, 2],
  ),
  finds(
    '$in',
    'the collation holds for all comparisons of strings of the operation',
    words,
    { v: { $in: ['CAFES', 'x'] } },
    { locale: 'en', strength: 2 },
    [4],
  ),
  finds(
    '$ne',
    'the collation holds for all comparisons of strings of the operation',
    words,
    { v: { $ne: 'cafe' } },
    { locale: 'en', strength: 1 },
    [4],
  ),
  finds(
    '$gt',
    'the collation decides which string is greater',
    [
      { _id: 1, v: 'a' },
      { _id: 2, v: 'B' },
      { _id: 3, v: 'c' },
    ],
    { v: { $gt: 'a' } },
    { locale: 'en' },
    [2, 3],
  ),
  finds(
    'numbers are not touched',
    'collation rules are for strings',
    [
      { _id: 1, v: 5 },
      { _id: 2, v: '5' },
    ],
    { v: 5 },
    { locale: 'en', strength: 1 },
    [1],
  ),
  finds(
    'strings in documents',
    'strings inside of embedded documents compare by the collation too',
    [
      { _id: 1, v: { w: 'A' } },
      { _id: 2, v: { w: 'b' } },
    ],
    { v: { w: 'a' } },
    { locale: 'en', strength: 2 },
    [1],
  ),
  finds(
    'strings in arrays',
    'elements of arrays compare by the collation too',
    [
      { _id: 1, v: ['X', 'y'] },
      { _id: 2, v: ['z'] },
    ],
    { v: 'x' },
    { locale: 'en', strength: 2 },
    [1],
  ),
  finds(
    '$all',
    'the collation holds for all comparisons of strings of the operation',
    [
      { _id: 1, v: ['X', 'Y'] },
      { _id: 2, v: ['x'] },
    ],
    { v: { $all: ['x', 'y'] } },
    { locale: 'en', strength: 2 },
    [1],
  ),
  finds(
    '$expr',
    'the collation holds for expressions too',
    [
      { _id: 1, v: 'A' },
      { _id: 2, v: 'b' },
    ],
    { $expr: { $eq: ['$v', 'a'] } },
    { locale: 'en', strength: 2 },
    [1],
  ),
  finds(
    '$regex',
    'regular expressions do not follow the collation',
    words,
    { v: { $regex: '^cafe$' } },
    { locale: 'en', strength: 1 },
    [1],
  ),
  finds('simple', 'the locale simple compares bytes', words, { v: 'cafe' }, { locale: 'simple' }, [1]),
  finds(
    'numericOrdering in a range',
    'numericOrdering compares digits as numbers',
    [
      { _id: 1, v: '10' },
      { _id: 2, v: '2' },
      { _id: 3, v: '1' },
    ],
    { v: { $gt: '2' } },
    { locale: 'en', numericOrdering: true },
    [1],
  ),
  sorts(
    'case and accents',
    'a locale sorts letters together, small before capital, plain before accent',
    ['a', 'A', 'ä', 'b', 'B', 'z'],
    { locale: 'en' },
  ),
  sorts('bytes without a collation', 'the locale simple sorts by bytes', ['A', 'B', 'a', 'b', 'z', 'ä'], {
    locale: 'simple',
  }),
  sorts('numericOrdering', 'numericOrdering sorts 10 after 2', ['item2', 'item9', 'item10', 'item100'], {
    locale: 'en',
    numericOrdering: true,
  }),
  sorts(
    'digits as characters',
    'without numericOrdering 10 comes before 2',
    ['item10', 'item100', 'item2', 'item9'],
    { locale: 'en', numericOrdering: false },
  ),
  sorts(
    'the alphabet of Swedish',
    'the locale has rules of its language: ö is the last letter in Swedish',
    ['o', 'z', 'ö'],
    { locale: 'sv' },
  ),
  sorts(
    'the alphabet of German',
    'the locale has rules of its language: ö stands by o in German',
    ['o', 'ö', 'z'],
    { locale: 'de' },
  ),
  sorts('capitals first', 'caseFirst upper sorts capitals before small letters', ['A', 'a', 'B', 'b'], {
    locale: 'en',
    caseFirst: 'upper',
  }),
  {
    name: 'distinct',
    page,
    says: 'distinct takes a collation: values that it holds equal are one',
    given: words,
    when: { distinct: 'v', collation: { locale: 'en', strength: 1 } },
    gives: { result: ['cafe', 'cafes'] },
  },
  {
    name: 'count',
    page,
    says: 'count takes a collation',
    given: words,
    when: { count: { v: 'CAFE' }, collation: { locale: 'en', strength: 2 } },
    gives: { result: 2 },
  },
  {
    name: 'update',
    page,
    says: 'an update takes a collation for its filter',
    given: [
      { _id: 1, v: 'A' },
      { _id: 2, v: 'b' },
    ],
    when: { updateMany: { v: 'a' }, with: { $set: { hit: true } }, collation: { locale: 'en', strength: 2 } },
    gives: [
      { _id: 1, v: 'A', hit: true },
      { _id: 2, v: 'b' },
    ],
  },
  {
    name: 'delete',
    page,
    says: 'a delete takes a collation for its filter',
    given: [
      { _id: 1, v: 'A' },
      { _id: 2, v: 'b' },
    ],
    when: { deleteMany: { v: 'a' }, collation: { locale: 'en', strength: 2 } },
    gives: [{ _id: 2, v: 'b' }],
  },
  {
    name: 'array filters',
    page: 'reference/method/db.collection.updateMany',
    says: 'the collation of an update holds for its array filters',
    given: [{ _id: 1, v: ['A', 'b', 'a'] }],
    when: {
      updateOne: { _id: 1 },
      with: { $set: { 'v.$[x]': '-' } },
      arrayFilters: [{ x: 'a' }],
      collation: { locale: 'en', strength: 2 },
    },
    gives: [{ _id: 1, v: ['-', 'b', '-'] }],
  },
  {
    name: '$addToSet',
    page: 'reference/collation',
    says: 'the collation holds for all comparisons of strings of the operation',
    given: [{ _id: 1, v: ['A'] }],
    when: {
      updateOne: { _id: 1 },
      with: { $addToSet: { v: 'a' } },
      collation: { locale: 'en', strength: 2 },
    },
    gives: [{ _id: 1, v: ['A'] }],
  },
  {
    name: 'a collection’s default',
    page,
    says: 'operations without a collation use the default of the collection',
    given: {
      documents: [
        { _id: 1, v: 'A' },
        { _id: 2, v: 'b' },
      ],
      options: { collation: { locale: 'en', strength: 2 } },
    },
    when: { find: { v: 'a' } },
    gives: { ids: [1] },
  },
  {
    name: 'a collation beats the collection’s default',
    page,
    says: 'a collation of the operation overrides the default',
    given: {
      documents: [
        { _id: 1, v: 'A' },
        { _id: 2, v: 'b' },
      ],
      options: { collation: { locale: 'en', strength: 2 } },
    },
    when: { find: { v: 'a' }, collation: { locale: 'simple' } },
    gives: { ids: [] },
  },
  {
    name: 'a unique index',
    page: 'core/index-case-insensitive',
    says: 'an index with a collation of strength 2 holds strings equal that differ by case',
    given: {
      documents: [{ _id: 1, v: 'A' }],
      indexes: [{ key: { v: 1 }, unique: true, collation: { locale: 'en', strength: 2 } }],
    },
    when: { insert: [{ _id: 2, v: 'a' }] },
    gives: { error: 11000, after: [{ _id: 1, v: 'A' }] },
  },
  {
    name: 'an index of another collation is not used for strings',
    page: 'core/index-case-insensitive',
    says: 'a query whose collation is not the index’s cannot use it for strings; it finds what it would without',
    given: {
      documents: [
        { _id: 1, v: 'A' },
        { _id: 2, v: 'a' },
        { _id: 3, v: 'B' },
      ],
      indexes: [{ key: { v: 1 }, collation: { locale: 'en', strength: 2 } }],
    },
    when: { find: { v: 'a' } },
    gives: { ids: [2] },
  },
  {
    name: 'an index without a collation does not sort for one',
    page: 'core/index-case-insensitive',
    says: 'a sort under a collation gives its order, whatever indexes there are',
    given: {
      documents: [
        { _id: 1, v: 'a' },
        { _id: 2, v: 'B' },
        { _id: 3, v: 'c' },
      ],
      indexes: [{ key: { v: 1 } }],
    },
    when: { find: {}, sort: { v: 1 }, collation: { locale: 'en' } },
    gives: { ids: [1, 2, 3] },
  },
  {
    name: 'an index with the query’s collation',
    page: 'core/index-case-insensitive',
    says: 'a query with the index’s collation finds strings that differ by case',
    given: {
      documents: [
        { _id: 1, v: 'A' },
        { _id: 2, v: 'a' },
        { _id: 3, v: 'B' },
      ],
      indexes: [{ key: { v: 1 }, collation: { locale: 'en', strength: 2 } }],
    },
    when: { find: { v: 'a' }, collation: { locale: 'en', strength: 2 }, sort: { _id: 1 } },
    gives: { ids: [1, 2] },
  },
  {
    name: '$in by an index, sorted',
    page: 'core/index-case-insensitive',
    says: 'an index with a collation has its order',
    given: {
      documents: [
        { _id: 1, v: 'B' },
        { _id: 2, v: 'a' },
        { _id: 3, v: 'c' },
      ],
      indexes: [{ key: { v: 1 }, collation: { locale: 'en' } }],
    },
    when: { find: { v: { $in: ['B', 'a'] } }, sort: { v: 1 }, collation: { locale: 'en' } },
    gives: { ids: [2, 1] },
  },
  {
    name: 'a partial index of another collation',
    page: 'core/index-partial',
    says: 'a partial index is used only if the query is sure to select from its documents',
    given: {
      documents: [
        { _id: 1, n: 1, v: 'a' },
        { _id: 2, n: 1, v: 'A' },
      ],
      indexes: [{ key: { n: 1 }, partialFilterExpression: { v: 'a' } }],
    },
    when: { find: { n: 1, v: 'a' }, collation: { locale: 'en', strength: 2 } },
    gives: { ids: [1, 2] },
  },
  {
    name: '$group',
    page: 'reference/collation',
    says: 'an aggregation takes a collation, which holds for its groups',
    given: [
      { _id: 1, v: 'A' },
      { _id: 2, v: 'a' },
      { _id: 3, v: 'b' },
    ],
    when: {
      aggregate: [
        { $group: { _id: '$v', n: { $sum: 1 } } },
        { $sort: { n: 1 } },
        { $project: { _id: 0, n: 1 } },
      ],
      collation: { locale: 'en', strength: 2 },
    },
    gives: [{ n: 1 }, { n: 2 }],
  },
  {
    name: 'a collation without a locale is refused',
    page,
    says: 'the locale is the field that a collation must have',
    given: [{ _id: 1 }],
    when: { command: { find: 'things', collation: { strength: 2 } } },
    gives: { error: 40414, message: 'locale' },
  },
]
