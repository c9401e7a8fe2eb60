import type { Document } from 'bson'
import type { ConformanceCase, Expected, GivenCollections } from '../case.ts'

const page = 'reference/operator/aggregation/merge'
const given: GivenCollections = {
  documents: [
    { _id: 1, a: 'new' },
    { _id: 2, a: 'new' },
  ],
  others: { target: [{ _id: 1, a: 'old', b: 'kept' }] },
}

/** The target after a `$merge` with these options. */
function merging(
  name: string,
  says: string,
  options: Document,
  target: readonly Document[],
): ConformanceCase {
  return {
    name,
    page,
    says,
    given,
    when: [
      { aggregate: [{ $sort: { _id: 1 } }, { $merge: { into: 'target', ...options } }], gives: [] },
      { find: {}, collection: 'target', sort: { _id: 1 } },
    ],
    gives: target,
  }
}

function refused(name: string, says: string, options: Document, gives: Expected): ConformanceCase {
  return { name, page, says, given, when: { aggregate: [{ $merge: { into: 'target', ...options } }] }, gives }
}

/** Stages that write their result into a collection. */
export const writeStages: readonly ConformanceCase[] = [
  merging('$merge merges fields', 'without options matching documents are merged and others inserted', {}, [
    { _id: 1, a: 'new', b: 'kept' },
    { _id: 2, a: 'new' },
  ]),
  merging(
    '$merge replaces',
    'replace puts the result in the place of the document',
    { whenMatched: 'replace' },
    [
      { _id: 1, a: 'new' },
      { _id: 2, a: 'new' },
    ],
  ),
  merging('$merge keeps', 'keepExisting leaves the document as it is', { whenMatched: 'keepExisting' }, [
    { _id: 1, a: 'old', b: 'kept' },
    { _id: 2, a: 'new' },
  ]),
  merging(
    '$merge discards',
    'discard drops results without a matching document',
    { whenNotMatched: 'discard' },
    [{ _id: 1, a: 'new', b: 'kept' }],
  ),
  merging(
    '$merge by a pipeline',
    'a pipeline changes the matching document and sees the result as $$new',
    { whenMatched: [{ $set: { a: { $concat: ['$a', '+', '$$new.a'] } } }] },
    [
      { _id: 1, a: 'old+new', b: 'kept' },
      { _id: 2, a: 'new' },
    ],
  ),
  refused(
    '$merge fails on a match',
    'fail stops with an error when a document matches',
    { whenMatched: 'fail' },
    { error: 11000 },
  ),
  refused(
    '$merge fails without a match',
    'fail stops with an error when no document matches',
    { whenMatched: 'merge', whenNotMatched: 'fail' },
    { error: 13113 },
  ),
  refused(
    '$merge on a field without unique index fails',
    'the fields of on need a unique index',
    { on: 'a' },
    { error: 51183 },
  ),
  {
    name: '$merge on another unique field',
    page,
    says: 'with a unique index the documents are matched by that field, and their _id stays',
    given: {
      documents: [{ _id: 9, k: 'x', v: 2 }],
      others: { target: [{ _id: 1, k: 'x', v: 1 }] },
    },
    when: [
      { createIndex: { k: 1 }, collection: 'target', options: { unique: true } },
      { aggregate: [{ $project: { _id: 0 } }, { $merge: { into: 'target', on: 'k' } }] },
      { find: {}, collection: 'target' },
    ],
    gives: [{ _id: 1, k: 'x', v: 2 }],
  },
  {
    name: '$merge is the last stage',
    page,
    says: 'no stage may follow it',
    given,
    when: { aggregate: [{ $merge: 'target' }, { $limit: 1 }] },
    gives: { error: 40601 },
  },
  {
    name: '$out replaces a collection',
    page: 'reference/operator/aggregation/out',
    says: 'the collection holds the result alone afterwards and keeps its indexes',
    given,
    when: [
      { createIndex: { a: 1 }, collection: 'target' },
      { aggregate: [{ $match: { _id: 2 } }, { $out: 'target' }], gives: [] },
      { find: {}, collection: 'target', hint: { a: 1 } },
    ],
    gives: [{ _id: 2, a: 'new' }],
  },
  {
    name: '$out creates a collection',
    page: 'reference/operator/aggregation/out',
    says: 'a collection that does not exist is created',
    given,
    when: [
      { aggregate: [{ $match: { _id: 1 } }, { $out: 'created' }], gives: [] },
      { count: {}, collection: 'created' },
    ],
    gives: { result: 1 },
  },
  {
    name: '$out leaves the collection when the pipeline fails',
    page: 'reference/operator/aggregation/out',
    says: 'if the aggregation fails the collection is not changed',
    given,
    when: [
      {
        aggregate: [{ $project: { a: { $divide: [1, { $subtract: ['$_id', 1] }] } } }, { $out: 'target' }],
        gives: { error: 2 },
      },
      { find: {}, collection: 'target' },
    ],
    gives: [{ _id: 1, a: 'old', b: 'kept' }],
  },
]
