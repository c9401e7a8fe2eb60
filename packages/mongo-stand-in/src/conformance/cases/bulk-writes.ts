import type { ConformanceCase } from '../case.ts'
import { double } from './typed-value.ts'

const page = 'reference/method/db.collection.bulkWrite'

export const bulkWrites: readonly ConformanceCase[] = [
  {
    name: 'all kinds of writes in their order',
    page,
    says: 'the operations happen one after the other, each upon what the ones before left',
    given: [{ _id: 1, a: 1 }],
    when: {
      bulkWrite: [
        { insertOne: { document: { _id: 2, a: 2 } } },
        { updateOne: { filter: { _id: 2 }, update: { $inc: { a: 5 } } } },
        { updateMany: { filter: {}, update: { $set: { b: 1 } } } },
        { replaceOne: { filter: { _id: 1 }, replacement: { c: 1 } } },
        { deleteOne: { filter: { a: 7 } } },
      ],
    },
    gives: {
      result: { insertedCount: 1, matchedCount: 4, modifiedCount: 4, deletedCount: 1, upsertedCount: 0 },
      after: [{ _id: 1, c: 1 }],
    },
  },
  {
    name: 'ordered: nothing after the first error',
    page,
    says: 'an ordered bulk stops at the first error; what was done before stays',
    given: [{ _id: 1 }],
    when: {
      bulkWrite: [
        { insertOne: { document: { _id: 2 } } },
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 3 } } },
      ],
    },
    gives: { error: 11000, after: [{ _id: 1 }, { _id: 2 }] },
  },
  {
    name: 'unordered: all that can be done',
    page,
    says: 'an unordered bulk goes on after errors',
    given: [{ _id: 1 }],
    when: {
      bulkWrite: [
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 2 } } },
        { updateOne: { filter: { _id: 1 }, update: { $set: { _id: 9 } } } },
        { insertOne: { document: { _id: 3 } } },
      ],
      ordered: false,
    },
    gives: { error: 11000, after: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] },
  },
  {
    name: 'insertMany ordered',
    page: 'reference/method/db.collection.insertMany',
    says: 'ordered inserts stop at the first error',
    given: [{ _id: 2 }],
    when: { insert: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] },
    gives: { error: 11000, after: [{ _id: 2 }, { _id: 1 }] },
  },
  {
    name: 'insertMany unordered',
    page: 'reference/method/db.collection.insertMany',
    says: 'unordered inserts go on after an error',
    given: [{ _id: 2 }],
    when: { insert: [{ _id: 1 }, { _id: 2 }, { _id: 3 }], ordered: false },
    gives: { error: 11000, after: [{ _id: 2 }, { _id: 1 }, { _id: 3 }] },
  },
  {
    name: 'upserts in a bulk',
    page,
    says: 'the result tells the number of upserts and their ids by position',
    given: [{ _id: 1, a: 1 }],
    when: {
      bulkWrite: [
        { updateOne: { filter: { _id: 1 }, update: { $set: { a: 2 } }, upsert: true } },
        { updateOne: { filter: { _id: 5 }, update: { $set: { a: 3 } }, upsert: true } },
        { replaceOne: { filter: { _id: 6 }, replacement: { a: 4 }, upsert: true } },
      ],
    },
    gives: {
      result: { matchedCount: 1, upsertedCount: 2, upsertedIds: { 1: 5, 2: 6 } },
      after: [
        { _id: 1, a: 2 },
        { _id: 5, a: 3 },
        { _id: 6, a: 4 },
      ],
    },
  },
  {
    name: 'array filters and collation of one operation',
    page,
    says: 'an update of a bulk takes its own array filters and collation',
    given: [
      { _id: 1, v: 'A', a: [1, 9] },
      { _id: 2, v: 'b', a: [9] },
    ],
    when: {
      bulkWrite: [
        {
          updateMany: {
            filter: { v: 'a' },
            update: { $set: { 'a.$[x]': 0 } },
            arrayFilters: [{ x: { $gt: 5 } }],
            collation: { locale: 'en', strength: 2 },
          },
        },
        { deleteMany: { filter: { v: 'B' } } },
      ],
    },
    gives: [
      { _id: 1, v: 'A', a: [1, 0] },
      { _id: 2, v: 'b', a: [9] },
    ],
  },
  {
    name: 'the errors of an update command',
    page: 'reference/command/update',
    says: 'an error of one statement is told in writeErrors with its index; the command itself succeeds',
    given: [{ _id: 1, a: 'x' }],
    when: {
      command: {
        update: 'things',
        updates: [
          { q: { _id: 1 }, u: { $set: { b: 1 } } },
          { q: { _id: 1 }, u: { $inc: { a: 1 } } },
          { q: { _id: 1 }, u: { $set: { b: 2 } } },
        ],
        ordered: false,
      },
    },
    gives: { result: { ok: double(1), n: 2, nModified: 2 }, after: [{ _id: 1, a: 'x', b: 2 }] },
  },
  {
    name: 'a delete with a limit',
    page: 'reference/command/delete',
    says: 'limit 0 deletes all documents that match, 1 the first one',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 2 },
      { _id: 4, a: 2 },
    ],
    when: {
      command: {
        delete: 'things',
        deletes: [
          { q: { a: 1 }, limit: 1 },
          { q: { a: 2 }, limit: 0 },
        ],
      },
    },
    gives: { result: { n: 3 }, after: [{ _id: 2, a: 1 }] },
  },
  {
    name: 'a replacement of many is refused',
    page: 'reference/command/update',
    says: 'multi is not allowed with a replacement document',
    given: [{ _id: 1 }],
    when: { command: { update: 'things', updates: [{ q: {}, u: { a: 1 }, multi: true }] } },
    gives: { result: { n: 0, nModified: 0 }, after: [{ _id: 1 }] },
  },
]
