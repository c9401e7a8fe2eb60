import type { Document } from 'bson'
import type { ConformanceCase, Given } from '../case.ts'
import type { Operation, Step } from '../operation.ts'
import { long } from './typed-value.ts'

const ns = { coll: 'things' }
const one = [{ _id: 1, a: 1 }]
const nothing = { updatedFields: {}, removedFields: [], truncatedArrays: [] }
const withImages: Given = { documents: one, options: { changeStreamPreAndPostImages: { enabled: true } } }
const filler = 'x'.repeat(60)

interface StreamRow {
  readonly name: string
  readonly page: string
  readonly says: string
  readonly given?: Given
  /** Options of the stream. */
  readonly watch?: Omit<Extract<Operation, { watch: string }>, 'watch'>
  readonly steps: readonly Step[]
  readonly events: readonly Document[]
}

/** A stream is opened, something is done, and these events come. */
function streamCase({ name, page, says, given = one, watch, steps, events }: StreamRow): ConformanceCase {
  return {
    name,
    page,
    says,
    given,
    when: [{ watch: 's', ...watch }, ...steps, { events: 's', count: events.length }],
    gives: events,
  }
}

/** The description that one update gets. */
function updateCase(
  name: string,
  says: string,
  document: Document,
  change: Document | Document[],
  description: Document,
): ConformanceCase {
  return streamCase({
    name,
    page: 'reference/change-events/update',
    says,
    given: [{ _id: 1, ...document }],
    steps: [{ updateOne: { _id: 1 }, with: change }],
    events: [
      {
        operationType: 'update',
        ns,
        documentKey: { _id: 1 },
        updateDescription: { ...nothing, ...description },
      },
    ],
  })
}

const updateDescriptions: readonly ConformanceCase[] = [
  updateCase(
    'an update tells set and removed fields',
    'updatedFields has the new values, removedFields the names that are gone',
    { a: 1, b: 2, c: 3 },
    { $set: { a: 5, d: long(1) }, $unset: { b: '' } },
    { updatedFields: { a: 5, d: long(1) }, removedFields: ['b'] },
  ),
  updateCase(
    'an update tells embedded fields by path',
    'a field of an embedded document is told with dots',
    { a: { b: 1, c: { d: 1 } } },
    { $set: { 'a.c.d': 2 }, $unset: { 'a.b': '' } },
    { updatedFields: { 'a.c.d': 2 }, removedFields: ['a.b'] },
  ),
  updateCase(
    'an update tells an added element by its index',
    'an element that is pushed to the end is told alone',
    { a: [1, 2] },
    { $push: { a: 3 } },
    { updatedFields: { 'a.2': 3 } },
  ),
  updateCase(
    'an update tells a new array as a whole',
    'an array that was not there is told whole',
    {},
    { $push: { a: 3 } },
    { updatedFields: { a: [3] } },
  ),
  updateCase(
    'an update tells an element by its index',
    'a changed element is told by its position',
    { a: [1, 2, 3] },
    { $set: { 'a.1': 9 } },
    { updatedFields: { 'a.1': 9 } },
  ),
  streamCase({
    name: 'an update by an array filter tells each element',
    page: 'reference/change-events/update',
    says: 'every changed element is told by its position',
    given: [{ _id: 1, a: [1, 5, 6] }],
    watch: { pipeline: [{ $project: { 'updateDescription.updatedFields': 1 } }] },
    steps: [
      { updateOne: { _id: 1 }, with: { $set: { 'a.$[big]': 0 } }, arrayFilters: [{ big: { $gt: 4 } }] },
    ],
    events: [{ updateDescription: { updatedFields: { 'a.1': 0, 'a.2': 0 } } }],
  }),
  updateCase(
    'an update tells a renamed field as set and removed',
    'a rename takes one field away and sets another one',
    { a: 1 },
    { $rename: { a: 'b' } },
    { updatedFields: { b: 1 }, removedFields: ['a'] },
  ),
  updateCase(
    'a pipeline that shortens an array tells its new size',
    'truncatedArrays has the arrays that pipelines made shorter',
    { a: [filler, 1, 2] },
    [{ $set: { a: { $slice: ['$a', 1] } } }],
    { truncatedArrays: [{ field: 'a', newSize: 1 }] },
  ),
  updateCase(
    'a pipeline tells what it changed',
    'the description is that of the difference, not of the stages',
    { a: 1, b: { c: 1, d: filler } },
    [{ $set: { a: 1, 'b.c': 2 } }, { $unset: 'x' }],
    { updatedFields: { 'b.c': 2 } },
  ),
]

const writes: readonly ConformanceCase[] = [
  streamCase({
    name: 'an insert event',
    page: 'reference/change-events/insert',
    says: 'it has the document and its key',
    steps: [{ insert: [{ _id: 2, a: long(5) }] }],
    events: [{ operationType: 'insert', fullDocument: { _id: 2, a: long(5) }, ns, documentKey: { _id: 2 } }],
  }),
  streamCase({
    name: 'a replace event',
    page: 'reference/change-events/replace',
    says: 'it has the new document whole',
    steps: [{ replaceOne: { _id: 1 }, with: { b: 2 } }],
    events: [{ operationType: 'replace', fullDocument: { _id: 1, b: 2 }, ns, documentKey: { _id: 1 } }],
  }),
  streamCase({
    name: 'a delete event',
    page: 'reference/change-events/delete',
    says: 'it has the key alone, as the document is gone',
    steps: [{ deleteOne: { a: 1 } }],
    events: [{ operationType: 'delete', ns, documentKey: { _id: 1 } }],
  }),
  streamCase({
    name: 'an upsert is an insert event',
    page: 'reference/change-events/insert',
    says: 'a document that an upsert creates is told as inserted',
    steps: [{ updateOne: { _id: 7 }, with: { $set: { a: 1 } }, upsert: true }],
    events: [{ operationType: 'insert', fullDocument: { _id: 7, a: 1 }, ns, documentKey: { _id: 7 } }],
  }),
  streamCase({
    name: 'an update of many is an event for each document',
    page: 'changeStreams',
    says: 'each changed document is told, those that stay as they are not',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: 5 },
      { _id: 3, a: 1 },
    ],
    watch: { pipeline: [{ $project: { documentKey: 1 } }] },
    steps: [{ updateMany: {}, with: { $set: { a: 5 } } }, { deleteOne: { _id: 2 } }],
    events: [{ documentKey: { _id: 1 } }, { documentKey: { _id: 3 } }, { documentKey: { _id: 2 } }],
  }),
  streamCase({
    name: 'a transaction is told when it commits',
    page: 'changeStreams',
    says: 'events of a transaction come in the order of its writes, with its session and number',
    watch: { pipeline: [{ $project: { documentKey: 1, number: { $type: '$txnNumber' } } }] },
    steps: [
      { startTransaction: 't' },
      { insert: [{ _id: 8 }], in: 't' },
      { insert: [{ _id: 9 }] },
      { deleteOne: { _id: 1 }, in: 't' },
      { commitTransaction: 't' },
    ],
    events: [
      { documentKey: { _id: 9 }, number: 'missing' },
      { documentKey: { _id: 8 }, number: 'long' },
      { documentKey: { _id: 1 }, number: 'long' },
    ],
  }),
  streamCase({
    name: 'a transaction that aborts is not told',
    page: 'changeStreams',
    says: 'only what has been committed is told',
    watch: { pipeline: [{ $project: { documentKey: 1 } }] },
    steps: [
      { startTransaction: 't' },
      { insert: [{ _id: 8 }], in: 't' },
      { abortTransaction: 't' },
      { insert: [{ _id: 9 }] },
    ],
    events: [{ documentKey: { _id: 9 } }],
  }),
  streamCase({
    name: 'events have their times',
    page: 'reference/change-events',
    says: 'clusterTime is a timestamp, wallTime a date, ns has database and collection',
    watch: {
      pipeline: [
        {
          $project: {
            c: { $type: '$clusterTime' },
            w: { $type: '$wallTime' },
            d: { $type: '$ns.db' },
            t: { $type: '$_id._data' },
          },
        },
      ],
    },
    steps: [{ insert: [{ _id: 2 }] }],
    events: [{ c: 'timestamp', w: 'date', d: 'string', t: 'string' }],
  }),
  streamCase({
    name: 'a stream of a database tells all its collections',
    page: 'changeStreams',
    says: 'a stream of a database covers its collections but those of the system',
    watch: { of: 'database', pipeline: [{ $project: { ns: 1, operationType: 1 } }] },
    steps: [{ insert: [{ _id: 2 }] }, { insert: [{ _id: 1 }], collection: 'later' }],
    events: [
      { operationType: 'insert', ns },
      { operationType: 'insert', ns: { coll: 'later' } },
    ],
  }),
]

const images: readonly ConformanceCase[] = [
  streamCase({
    name: 'updateLookup gives the document of now',
    page: 'changeStreams',
    says: 'the document is looked up when the event is read and may have changed since',
    watch: { fullDocument: 'updateLookup', pipeline: [{ $project: { fullDocument: 1 } }] },
    steps: [
      { updateOne: { _id: 1 }, with: { $set: { a: 2 } } },
      { updateOne: { _id: 1 }, with: { $set: { a: 3 } } },
    ],
    events: [{ fullDocument: { _id: 1, a: 3 } }, { fullDocument: { _id: 1, a: 3 } }],
  }),
  streamCase({
    name: 'updateLookup of a deleted document is null',
    page: 'changeStreams',
    says: 'a document that is gone when it is looked up is null',
    watch: {
      fullDocument: 'updateLookup',
      pipeline: [{ $match: { operationType: 'update' } }, { $project: { fullDocument: 1 } }],
    },
    steps: [{ updateOne: { _id: 1 }, with: { $set: { a: 2 } } }, { deleteOne: { _id: 1 } }],
    events: [{ fullDocument: null }],
  }),
  streamCase({
    name: 'images before and after a change',
    page: 'changeStreams',
    says: 'a collection that keeps images tells the document before and after each change',
    given: withImages,
    watch: {
      fullDocument: 'whenAvailable',
      fullDocumentBeforeChange: 'whenAvailable',
      pipeline: [{ $project: { operationType: 1, fullDocument: 1, fullDocumentBeforeChange: 1 } }],
    },
    steps: [
      { updateOne: { _id: 1 }, with: { $set: { a: 2 } } },
      { replaceOne: { _id: 1 }, with: { a: 3 } },
      { deleteOne: { _id: 1 } },
    ],
    events: [
      { operationType: 'update', fullDocument: { _id: 1, a: 2 }, fullDocumentBeforeChange: { _id: 1, a: 1 } },
      {
        operationType: 'replace',
        fullDocument: { _id: 1, a: 3 },
        fullDocumentBeforeChange: { _id: 1, a: 2 },
      },
      { operationType: 'delete', fullDocumentBeforeChange: { _id: 1, a: 3 } },
    ],
  }),
  streamCase({
    name: 'images that were not kept are null',
    page: 'changeStreams',
    says: 'whenAvailable gives null for an image that the collection does not keep',
    watch: {
      fullDocument: 'whenAvailable',
      fullDocumentBeforeChange: 'whenAvailable',
      pipeline: [{ $project: { fullDocument: 1, fullDocumentBeforeChange: 1 } }],
    },
    steps: [{ updateOne: { _id: 1 }, with: { $set: { a: 2 } } }],
    events: [{ fullDocument: null, fullDocumentBeforeChange: null }],
  }),
  {
    name: 'an image that is required and was not kept fails',
    page: 'changeStreams',
    says: 'required fails the stream when the image is not there',
    given: one,
    when: [
      { watch: 's', fullDocumentBeforeChange: 'required' },
      { updateOne: { _id: 1 }, with: { $set: { a: 2 } } },
      { events: 's', count: 1 },
    ],
    gives: { error: 47 },
  },
]

const catalogEvents: readonly ConformanceCase[] = [
  streamCase({
    name: 'a drop invalidates a stream of the collection',
    page: 'reference/change-events/invalidate',
    says: 'after the event of the drop the stream ends with an invalidate event',
    steps: [{ command: { drop: 'things' } }],
    events: [{ operationType: 'drop', ns }, { operationType: 'invalidate' }],
  }),
  streamCase({
    name: 'a rename invalidates a stream of the collection',
    page: 'reference/change-events/rename',
    says: 'the event has the old and the new name, then the stream ends',
    steps: [{ rename: 'renamed' }],
    events: [{ operationType: 'rename', ns, to: { coll: 'renamed' } }, { operationType: 'invalidate' }],
  }),
  streamCase({
    name: 'a drop does not end a stream of the database',
    page: 'reference/change-events/drop',
    says: 'a stream of a database goes on after a drop',
    watch: { of: 'database' },
    steps: [{ command: { drop: 'things' } }, { insert: [{ _id: 5 }], collection: 'more' }],
    events: [
      { operationType: 'drop', ns },
      { operationType: 'insert', fullDocument: { _id: 5 }, ns: { coll: 'more' }, documentKey: { _id: 5 } },
    ],
  }),
  streamCase({
    name: 'dropping the database ends its stream',
    page: 'reference/change-events/dropDatabase',
    says: 'every collection is dropped first, then the database, then the stream ends',
    watch: { of: 'database' },
    steps: [{ command: { dropDatabase: 1 } }],
    events: [
      { operationType: 'drop', ns },
      { operationType: 'dropDatabase', ns: {} },
      { operationType: 'invalidate' },
    ],
  }),
  streamCase({
    name: 'without expanded events indexes are not told',
    page: 'reference/change-events',
    says: 'create, createIndexes, dropIndexes and modify need showExpandedEvents',
    watch: { of: 'database', pipeline: [{ $project: { operationType: 1 } }] },
    steps: [
      { createIndex: { a: 1 } },
      { command: { create: 'other' } },
      { command: { dropIndexes: 'things', index: 'a_1' } },
      { deleteOne: { _id: 1 } },
    ],
    events: [{ operationType: 'delete' }],
  }),
  streamCase({
    name: 'a create event',
    page: 'reference/change-events/create',
    says: 'the description has the options of the collection and its _id index',
    watch: { of: 'database', showExpandedEvents: true },
    steps: [{ command: { create: 'other' } }],
    events: [
      {
        operationType: 'create',
        ns: { coll: 'other' },
        operationDescription: { idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } },
      },
    ],
  }),
  streamCase({
    name: 'a createIndexes event',
    page: 'reference/change-events/createIndexes',
    says: 'the description has the indexes whole',
    watch: { showExpandedEvents: true },
    steps: [{ createIndex: { a: 1 }, options: { sparse: true } }],
    events: [
      {
        operationType: 'createIndexes',
        ns,
        operationDescription: { indexes: [{ v: 2, key: { a: 1 }, name: 'a_1', sparse: true }] },
      },
    ],
  }),
  streamCase({
    name: 'a dropIndexes event',
    page: 'reference/change-events/dropIndexes',
    says: 'the description has the dropped index whole',
    given: { documents: one, indexes: [{ key: { a: 1 }, sparse: true }] },
    watch: { showExpandedEvents: true },
    steps: [{ command: { dropIndexes: 'things', index: 'a_1' } }],
    events: [
      {
        operationType: 'dropIndexes',
        ns,
        operationDescription: { indexes: [{ v: 2, key: { a: 1 }, name: 'a_1', sparse: true }] },
      },
    ],
  }),
  streamCase({
    name: 'a modify event of a validator',
    page: 'reference/change-events/modify',
    says: 'the description has what the command changed',
    watch: { showExpandedEvents: true, pipeline: [{ $unset: 'stateBeforeChange' }] },
    steps: [{ command: { collMod: 'things', validationLevel: 'off' } }],
    events: [{ operationType: 'modify', ns, operationDescription: { validationLevel: 'off' } }],
  }),
  streamCase({
    name: 'a modify event has the state before',
    page: 'reference/change-events/modify',
    says: 'stateBeforeChange has the options of the collection and of the index before the command',
    given: { documents: one, indexes: [{ key: { a: 1 }, expireAfterSeconds: 100 }] },
    watch: {
      showExpandedEvents: true,
      pipeline: [
        {
          $project: {
            'stateBeforeChange.indexOptions': 1,
            id: { $type: '$stateBeforeChange.collectionOptions.uuid' },
          },
        },
      ],
    },
    steps: [{ command: { collMod: 'things', index: { name: 'a_1', expireAfterSeconds: 200 } } }],
    events: [{ stateBeforeChange: { indexOptions: { expireAfterSeconds: long(100) } }, id: 'binData' }],
  }),
  streamCase({
    name: 'expanded updates tell paths that are not plain',
    page: 'reference/change-events/update',
    says: 'disambiguatedPaths says which numbers in a path are positions and which are names',
    given: [{ _id: 1, a: [{ '0': 1 }], b: { '0': 1 } }],
    watch: {
      showExpandedEvents: true,
      pipeline: [{ $project: { 'updateDescription.disambiguatedPaths': 1 } }],
    },
    steps: [
      { updateOne: { _id: 1 }, with: { $set: { 'b.0': 2 } } },
      { updateOne: { _id: 1 }, with: { $set: { 'a.0.0': 2 } } },
      { updateOne: { _id: 1 }, with: { $set: { 'a.0': 2 } } },
    ],
    events: [
      { updateDescription: { disambiguatedPaths: { 'b.0': ['b', '0'] } } },
      { updateDescription: { disambiguatedPaths: { 'a.0.0': ['a', 0, '0'] } } },
      { updateDescription: { disambiguatedPaths: {} } },
    ],
  }),
]

const positions: readonly ConformanceCase[] = [
  {
    name: 'a stream is resumed after an event',
    page: 'changeStreams',
    says: 'resumeAfter goes on with the event after that of the token',
    given: [],
    when: [
      { watch: 'first', pipeline: [{ $project: { documentKey: 1 } }] },
      { insert: [{ _id: 1 }, { _id: 2 }] },
      { insert: [{ _id: 3 }] },
      { events: 'first', count: 1, gives: [{ documentKey: { _id: 1 } }] },
      { watch: 'second', resumeAfter: 'first', pipeline: [{ $project: { documentKey: 1 } }] },
      { events: 'second', count: 2 },
    ],
    gives: [{ documentKey: { _id: 2 } }, { documentKey: { _id: 3 } }],
  },
  {
    name: 'a stream cannot be resumed after its end',
    page: 'changeStreams',
    says: 'resumeAfter does not take the token of an invalidate event',
    given: one,
    when: [
      { watch: 'first' },
      { command: { drop: 'things' } },
      { events: 'first', count: 2 },
      { watch: 'second', resumeAfter: 'first' },
    ],
    gives: { error: 260 },
  },
  {
    name: 'a stream can be started after its end',
    page: 'changeStreams',
    says: 'startAfter takes the token of an invalidate event',
    given: one,
    when: [
      { watch: 'first' },
      { command: { drop: 'things' } },
      { events: 'first', count: 2 },
      { insert: [{ _id: 4 }] },
      { watch: 'second', startAfter: 'first', pipeline: [{ $project: { documentKey: 1 } }] },
      { events: 'second', count: 1 },
    ],
    gives: [{ documentKey: { _id: 4 } }],
  },
  streamCase({
    name: 'a pipeline chooses events',
    page: 'changeStreams',
    says: 'stages filter and change what the stream tells',
    watch: {
      pipeline: [
        { $match: { 'fullDocument.a': { $gt: 5 } } },
        { $set: { twice: { $multiply: ['$fullDocument.a', 2] } } },
        { $unset: ['ns', 'documentKey'] },
      ],
    },
    steps: [{ insert: [{ _id: 2, a: 1 }] }, { insert: [{ _id: 3, a: 7 }] }],
    events: [{ operationType: 'insert', fullDocument: { _id: 3, a: 7 }, twice: 14 }],
  }),
  {
    name: 'a pipeline cannot group events',
    page: 'changeStreams',
    says: 'only some stages may follow in a change stream',
    given: one,
    when: { watch: 's', pipeline: [{ $group: { _id: null } }] },
    gives: { error: 20 },
  },
  {
    name: 'a pipeline cannot change the token',
    page: 'changeStreams',
    says: 'the stream fails when a stage changes the _id of an event',
    given: one,
    when: [
      { watch: 's', pipeline: [{ $set: { _id: 'mine' } }] },
      { insert: [{ _id: 2 }] },
      { events: 's', count: 1 },
    ],
    gives: { error: 280, labels: ['NonResumableChangeStreamError'] },
  },
  {
    name: 'a change stream is the first stage',
    page: 'reference/operator/aggregation/changeStream',
    says: '$changeStream must be the first stage of its pipeline',
    given: one,
    when: { aggregate: [{ $match: {} }, { $changeStream: {} }] },
    gives: { error: 40602 },
  },
]

/** The events of change streams. */
export const changeStreams: readonly ConformanceCase[] = [
  ...writes,
  ...updateDescriptions,
  ...images,
  ...catalogEvents,
  ...positions,
]
