import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { double, long } from './typed-value.ts'

/** Expressions on documents and with variables. */
export const objectExpressions: readonly ConformanceCase[] = [
  ...expressionCases('objectToArray', [
    {
      name: '$objectToArray keeps the order of fields',
      says: 'each field is a document of k and v; embedded documents stay',
      expression: { $objectToArray: '$d' },
      of: { d: { b: 1, a: { x: long(2) } } },
      gives: [
        { k: 'b', v: 1 },
        { k: 'a', v: { x: long(2) } },
      ],
    },
    {
      name: '$objectToArray of a missing field is null',
      says: 'null or a missing field gives null',
      expression: { $objectToArray: '$missing' },
      gives: null,
    },
    {
      name: '$objectToArray of an array fails',
      says: 'the argument is a document',
      expression: { $objectToArray: [[1]] },
      fails: { error: 40390 },
    },
  ]),
  ...expressionCases('mergeObjects', [
    {
      name: '$mergeObjects lets the last win in the first place',
      says: 'a later field replaces the value of an earlier one',
      expression: {
        $mergeObjects: [
          { a: 1, b: 1 },
          { b: 2, c: 3 },
        ],
      },
      gives: { a: 1, b: 2, c: 3 },
    },
    {
      name: '$mergeObjects does not merge embedded documents',
      says: 'an embedded document is replaced as a whole',
      expression: { $mergeObjects: [{ a: { x: 1 } }, { a: { y: 1 } }] },
      gives: { a: { y: 1 } },
    },
    {
      name: '$mergeObjects passes over null',
      says: 'null and missing arguments are ignored',
      expression: { $mergeObjects: [null, { a: 1 }, '$missing'] },
      gives: { a: 1 },
    },
    {
      name: '$mergeObjects of nulls alone is empty',
      says: 'when all arguments are null the result is an empty document',
      expression: { $mergeObjects: [null] },
      gives: {},
    },
    {
      name: '$mergeObjects of a scalar fails',
      says: 'every argument is a document or null',
      expression: { $mergeObjects: [{ a: 1 }, 2] },
      fails: { error: 40400 },
    },
  ]),
  ...expressionCases('getField', [
    {
      name: '$getField of a name with a point',
      says: 'the name is taken as it is, not as a path',
      expression: { $getField: { field: 'a.b', input: { $literal: { 'a.b': 1, a: { b: 2 } } } } },
      gives: 1,
    },
    {
      name: '$getField of a name with a dollar',
      says: 'a name that begins with a dollar is written as a literal',
      expression: { $getField: { field: { $literal: '$x' }, input: { $literal: { $x: 5 } } } },
      gives: 5,
    },
    {
      name: '$getField of the current document',
      says: 'without input it reads the current document',
      expression: { $getField: 'x' },
      of: { x: long(7) },
      gives: long(7),
    },
    {
      name: '$getField of something that is no document gives nothing',
      says: 'an input that is neither a document nor missing or null has no field',
      expression: { $getField: { field: 'a', input: true } },
    },
    {
      name: '$getField of null is null',
      says: 'a null input gives null',
      expression: { $getField: { field: 'a', input: null } },
      gives: null,
    },
    {
      name: '$getField by a path fails',
      says: 'the name is a constant',
      expression: { $getField: { field: '$a', input: {} } },
      fails: { error: 5654600 },
    },
    {
      name: '$getField by a number fails',
      says: 'the name is a string',
      expression: { $getField: { field: 5, input: {} } },
      fails: { error: 5654602 },
    },
  ]),
  ...expressionCases('setField', [
    {
      name: '$setField of a name with a point',
      says: 'the name is taken as it is and a field is added at the end',
      expression: { $setField: { field: 'a.b', input: { a: { b: 1 } }, value: 2 } },
      gives: { a: { b: 1 }, 'a.b': 2 },
    },
    {
      name: '$setField with $$REMOVE',
      says: 'the value $$REMOVE takes the field away',
      expression: { $setField: { field: 'a', input: { a: 1, b: 2 }, value: '$$REMOVE' } },
      gives: { b: 2 },
    },
    {
      name: '$setField of null is null',
      says: 'a null or missing input gives null',
      expression: { $setField: { field: 'a', input: '$missing', value: 1 } },
      gives: null,
    },
    {
      name: '$setField of a scalar fails',
      says: 'the input is a document, null or missing',
      expression: { $setField: { field: 'a', input: true, value: 1 } },
      fails: { error: 4161105 },
    },
    {
      name: '$setField without value fails',
      says: 'field, input and value are required',
      expression: { $setField: { field: 'a', input: {} } },
      fails: { error: 4161103 },
    },
  ]),
  ...expressionCases('unsetField', [
    {
      name: '$unsetField of a name with a point',
      says: 'the field of that name goes, not the one at that path',
      expression: { $unsetField: { field: 'a.b', input: { $literal: { 'a.b': 1, a: { b: 2 } } } } },
      gives: { a: { b: 2 } },
    },
  ]),
  ...expressionCases('let', [
    {
      name: '$let binds variables for its expression',
      says: 'the variables are seen in the expression, computed outside of each other',
      expression: { $let: { vars: { a: '$x', b: 2 }, in: { $multiply: ['$$a', '$$b'] } } },
      of: { x: 3 },
      gives: 6,
    },
    {
      name: '$let inside hides the variable outside',
      says: 'an inner variable stands for the outer one of its name',
      expression: { $let: { vars: { a: 1 }, in: { $let: { vars: { a: 2 }, in: '$$a' } } } },
      gives: 2,
    },
    {
      name: '$let with a capital letter fails',
      says: 'names of variables begin with a lower-case letter',
      expression: { $let: { vars: { Big: 1 }, in: '$$Big' } },
      fails: { error: 9 },
    },
    {
      name: 'a variable that nobody defined fails',
      says: 'only defined variables can be used',
      expression: '$$nobody',
      fails: { error: 17276 },
    },
  ]),
  ...expressionCases('literal', [
    {
      name: '$literal is not evaluated',
      says: 'the value comes out as it is written',
      expression: { $literal: { $add: [1, '$x'] } },
      gives: { $add: [1, '$x'] },
    },
  ]),
  ...expressionCases('reference/aggregation-variables', [
    {
      name: '$$ROOT is the whole document',
      says: 'the document as it comes into the stage',
      expression: '$$ROOT',
      of: { a: 1 },
      gives: { _id: 1, a: 1 },
    },
    {
      name: '$$CURRENT is the start of field paths',
      says: '$a is short for $$CURRENT.a',
      expression: { $eq: ['$$CURRENT.a.b', '$a.b'] },
      of: { a: { b: 3 } },
      gives: true,
    },
    {
      name: '$$REMOVE leaves the field out',
      says: 'a field that is set to it is left out',
      expression: { kept: 1, gone: { $cond: [true, '$$REMOVE', 2] } },
      gives: { kept: 1 },
    },
    {
      name: '$$NOW is one moment for all documents',
      says: 'the same date throughout the pipeline',
      expression: [{ $type: '$$NOW' }, { $eq: ['$$NOW', '$$NOW'] }],
      gives: ['date', true],
    },
  ]),
  ...expressionCases('meta/aggregation-quick-reference', [
    {
      name: 'a path through an array gives an array',
      says: 'the fields of the documents in the array, without those that lack it',
      expression: '$a.b',
      of: { a: [{ b: 1 }, { c: 2 }, { b: double(3) }, 4] },
      gives: [1, double(3)],
    },
    {
      name: 'a number in a path is a field name',
      says: 'an expression has no array index in a path',
      expression: '$a.0',
      of: { a: [1, 2] },
      gives: [],
    },
    {
      name: 'an array of expressions has null for missing values',
      says: 'each element has a value',
      expression: ['$missing', '$a'],
      of: { a: 1 },
      gives: [null, 1],
    },
    {
      name: 'an operator that does not exist fails',
      says: 'an expression is one of the known operators',
      expression: { $frobnicate: 1 },
      fails: { error: 168 },
    },
    {
      name: 'a document of two operators fails',
      says: 'an expression has one operator',
      expression: { $add: [1], $subtract: [1, 1] },
      fails: { error: 15983 },
    },
  ]),
]
