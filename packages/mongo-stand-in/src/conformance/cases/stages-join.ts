import type { ConformanceCase } from '../case.ts'
import { stageCases } from './stage-row.ts'
import { double, long } from './typed-value.ts'

const orders = [{ _id: 1, item: 'pen', n: 2 }, { _id: 2, item: 'ink', n: 10 }, { _id: 3 }]
const stock = [
  { _id: 'a', sku: 'pen', left: 5 },
  { _id: 'b', sku: 'pen', left: 1 },
  { _id: 'c', sku: null },
  { _id: 'd' },
]
const inOrder = { $sort: { _id: 1 } }
const byItem = { from: 'stock', localField: 'item', foreignField: 'sku', as: 's' }
const ids = { $set: { s: '$s._id' } }

/** Stages that read other collections. */
export const joinStages: readonly ConformanceCase[] = [
  ...stageCases('lookup', [
    {
      name: '$lookup by equality',
      says: 'an array of all foreign documents with the value; a document without the field finds null and missing ones',
      given: { documents: orders, others: { stock } },
      stages: [inOrder, { $lookup: byItem }, ids],
      gives: [
        { _id: 1, item: 'pen', n: 2, s: ['a', 'b'] },
        { _id: 2, item: 'ink', n: 10, s: [] },
        { _id: 3, s: ['c', 'd'] },
      ],
    },
    {
      name: '$lookup of each element of a local array',
      says: 'a local array finds what any of its elements finds, without repeating documents',
      given: {
        documents: [{ _id: 1, item: ['pen', 'cap', 'pen'] }],
        others: { stock: [...stock, { _id: 'e', sku: 'cap' }] },
      },
      stages: [{ $lookup: byItem }, ids],
      gives: [{ _id: 1, item: ['pen', 'cap', 'pen'], s: ['a', 'b', 'e'] }],
    },
    {
      name: '$lookup in foreign arrays',
      says: 'the foreign field is compared as in a query: an array matches by its elements',
      given: {
        documents: [{ _id: 1, item: 2 }],
        others: {
          stock: [
            { _id: 'a', sku: [1, 2] },
            { _id: 'b', sku: [3] },
          ],
        },
      },
      stages: [{ $lookup: byItem }, ids],
      gives: [{ _id: 1, item: 2, s: ['a'] }],
    },
    {
      name: '$lookup compares numbers by value',
      says: 'equality is that of a query',
      given: {
        documents: [{ _id: 1, item: 2 }],
        others: {
          stock: [
            { _id: 'a', sku: double(2) },
            { _id: 'b', sku: long(2) },
            { _id: 'c', sku: '2' },
          ],
        },
      },
      stages: [{ $lookup: byItem }, ids],
      gives: [{ _id: 1, item: 2, s: ['a', 'b'] }],
    },
    {
      name: '$lookup by dotted paths',
      says: 'both fields may be embedded',
      given: {
        documents: [{ _id: 1, o: { item: 'pen' } }],
        others: { stock: [{ _id: 'a', i: [{ sku: 'pen' }] }] },
      },
      stages: [{ $lookup: { from: 'stock', localField: 'o.item', foreignField: 'i.sku', as: 'o.found' } }],
      gives: [{ _id: 1, o: { item: 'pen', found: [{ _id: 'a', i: [{ sku: 'pen' }] }] } }],
    },
    {
      name: '$lookup overwrites the field of that name',
      says: 'an existing field is replaced in its place',
      given: { documents: [{ _id: 1, s: 'old', item: 'ink' }], others: { stock } },
      stages: [{ $lookup: byItem }],
      gives: [{ _id: 1, s: [], item: 'ink' }],
    },
    {
      name: '$lookup in a collection that does not exist',
      says: 'nothing is found',
      given: [{ _id: 1, item: 'pen' }],
      stages: [{ $lookup: byItem }],
      gives: [{ _id: 1, item: 'pen', s: [] }],
    },
    {
      name: '$lookup with let and a pipeline',
      says: 'variables of let are seen in $expr of the pipeline',
      given: { documents: orders, others: { stock } },
      stages: [
        inOrder,
        { $match: { _id: { $lt: 3 } } },
        {
          $lookup: {
            from: 'stock',
            let: { item: '$item', n: '$n' },
            pipeline: [
              { $match: { $expr: { $and: [{ $eq: ['$sku', '$$item'] }, { $gte: ['$left', '$$n'] }] } } },
              { $project: { _id: 0, left: 1 } },
            ],
            as: 's',
          },
        },
        { $project: { s: 1 } },
      ],
      gives: [
        { _id: 1, s: [{ left: 5 }] },
        { _id: 2, s: [] },
      ],
    },
    {
      name: '$lookup with fields and a pipeline',
      says: 'the pipeline sees what the fields have found, with the variables of let',
      given: { documents: orders, others: { stock } },
      stages: [
        inOrder,
        { $match: { _id: 1 } },
        {
          $lookup: {
            ...byItem,
            let: { n: '$n' },
            pipeline: [{ $match: { $expr: { $lt: ['$left', '$$n'] } } }],
          },
        },
      ],
      gives: [{ _id: 1, item: 'pen', n: 2, s: [{ _id: 'b', sku: 'pen', left: 1 }] }],
    },
    {
      name: '$lookup with a pipeline that does not use the document',
      says: 'an uncorrelated pipeline gives the same result for every document',
      given: { documents: [{ _id: 1 }, { _id: 2 }], others: { stock } },
      stages: [inOrder, { $lookup: { from: 'stock', pipeline: [{ $count: 'n' }], as: 's' } }],
      gives: [
        { _id: 1, s: [{ n: 4 }] },
        { _id: 2, s: [{ n: 4 }] },
      ],
    },
    {
      name: '$lookup among documents of the pipeline',
      says: 'a pipeline that begins with $documents needs no collection',
      given: [{ _id: 1, item: 'x' }],
      stages: [
        {
          $lookup: {
            localField: 'item',
            foreignField: 'k',
            as: 's',
            pipeline: [
              {
                $documents: [
                  { k: 'x', v: 1 },
                  { k: 'y', v: 2 },
                ],
              },
            ],
          },
        },
      ],
      gives: [{ _id: 1, item: 'x', s: [{ k: 'x', v: 1 }] }],
    },
    {
      name: '$lookup without the name of the result fails',
      says: 'the name of the result is required',
      given: [{ _id: 1 }],
      stages: [{ $lookup: { from: 'stock', localField: 'a', foreignField: 'b' } }],
      gives: { error: 9 },
    },
  ]),
  ...stageCases('unionWith', [
    {
      name: '$unionWith keeps duplicates',
      says: 'the documents of the other collection follow, equal ones too',
      given: { documents: [{ _id: 1, a: 1 }], others: { more: [{ _id: 1, a: 1 }] } },
      stages: [{ $unionWith: 'more' }],
      gives: [
        { _id: 1, a: 1 },
        { _id: 1, a: 1 },
      ],
    },
    {
      name: '$unionWith through a pipeline',
      says: 'the pipeline is for the other collection alone',
      given: {
        documents: [{ _id: 1 }],
        others: {
          more: [
            { _id: 2, a: 1 },
            { _id: 3, a: 2 },
          ],
        },
      },
      stages: [{ $unionWith: { coll: 'more', pipeline: [{ $match: { a: 2 } }, { $project: { _id: 1 } }] } }],
      gives: [{ _id: 1 }, { _id: 3 }],
    },
    {
      name: '$unionWith a collection that does not exist',
      says: 'nothing is added',
      given: [{ _id: 1 }],
      stages: [{ $unionWith: 'nothing' }],
      gives: [{ _id: 1 }],
    },
  ]),
  ...stageCases('documents', [
    {
      name: '$documents within $unionWith',
      says: 'documents are made from expressions',
      given: [{ _id: 1 }],
      stages: [{ $unionWith: { pipeline: [{ $documents: [{ _id: 2, x: { $add: [1, 1] } }] }] } }],
      gives: [{ _id: 1 }, { _id: 2, x: 2 }],
    },
    {
      name: '$documents of a collection fails',
      says: 'it is the first stage of a pipeline of a database',
      given: [{ _id: 1 }],
      stages: [{ $documents: [{ x: 1 }] }],
      gives: { error: 73 },
    },
  ]),
]
