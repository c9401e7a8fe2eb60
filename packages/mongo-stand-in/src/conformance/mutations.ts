import { aggregationMutations } from './mutations-of-aggregation.ts'

/** One rule of the stand-in spoiled: a text of one of its files that is replaced while the file is loaded. */
export interface Mutation {
  readonly name: string
  /** Below `src/`. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
}

const comparison: readonly Mutation[] = [
  {
    name: 'dates sort after timestamps',
    file: 'bson/value-type.ts',
    find: '  date: 45,',
    replace: '  date: 48,',
  },
  {
    name: 'null sorts after numbers',
    file: 'bson/value-type.ts',
    find: '  null: 5,',
    replace: '  null: 11,',
  },
  {
    name: 'arrays sort before documents',
    file: 'bson/value-type.ts',
    find: '  array: 25,',
    replace: '  array: 19,',
  },
  {
    name: 'a missing field is not null',
    file: 'bson/value-type.ts',
    find: '  missing: 5,',
    replace: '  missing: 4,',
  },
  {
    name: 'strings compare as UTF-16',
    file: 'bson/compare.ts',
    find: 'unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit',
    replace: 'unit',
  },
  {
    name: 'documents compare without the types of their fields',
    file: 'bson/compare.ts',
    find: 'typeOrder(valueA) - typeOrder(valueB) ||\n      compareStrings(nameA, nameB)',
    replace: 'compareStrings(nameA, nameB)',
  },
  {
    name: 'documents compare without the names of their fields',
    file: 'bson/compare.ts',
    find: 'compareStrings(nameA, nameB) ||',
    replace: '0 ||',
  },
  {
    name: 'a shorter document equals a longer one',
    file: 'bson/compare.ts',
    find: '  return left.length - right.length\n}',
    replace: '  return 0\n}',
  },
  {
    name: 'binary data compare by bytes before length',
    file: 'bson/compare.ts',
    find: 'storedLength(a) - storedLength(b) || subtypeOf(a) - subtypeOf(b) || Buffer.compare(left, right)',
    replace: 'Buffer.compare(left, right) || subtypeOf(a) - subtypeOf(b)',
  },
  {
    name: 'timestamps compare as signed',
    file: 'bson/compare.ts',
    find: 'BigInt.asUintN(64,',
    replace: 'BigInt.asIntN(64,',
  },
  {
    name: 'NaN is greater than numbers',
    file: 'bson/number.ts',
    find: 'nanA ? -1 : 1',
    replace: 'nanA ? 1 : -1',
  },
  {
    name: 'longs compare as doubles',
    file: 'bson/number.ts',
    find: 'return (value as Long).toBigInt()',
    replace: 'return Number((value as Long).toBigInt())',
  },
  {
    name: 'a double compares with a decimal by 15 digits',
    file: 'bson/number.ts',
    find: '{ coefficient: value, exponent: 0 } : decimalOfDouble(value)\n}\n\nfunction inLongRange',
    replace:
      '{ coefficient: value, exponent: 0 } : decimalOfDoubleTo15Digits(value)\n}\n\nfunction inLongRange',
  },
  {
    name: 'an empty array sorts as an array',
    file: 'query/sort.ts',
    find: 'if (!emptyA && !emptyB) return',
    replace: 'if (true) return',
  },
  {
    name: 'an array always sorts by its least element',
    file: 'query/sort.ts',
    find: '(direction * compareKeys(value, best, collation) < 0 ? value : best)',
    replace: '(compareKeys(value, best, collation) < 0 ? value : best)',
  },
]

const arithmetic: readonly Mutation[] = [
  {
    name: 'an int overflow stays int',
    file: 'bson/number.ts',
    find: "if (widest === 'int' && value >= -2147483648n && value <= 2147483647n)",
    replace: "if (widest === 'int')",
  },
  {
    name: 'a long that is small becomes an int',
    file: 'bson/number.ts',
    find: "if (widest === 'int' && value >= -2147483648n && value <= 2147483647n)",
    replace: 'if (value >= -2147483648n && value <= 2147483647n)',
  },
  {
    name: 'a long is wider than a double',
    file: 'bson/number.ts',
    find: '{ int: 0, long: 1, double: 2, decimal: 3 }',
    replace: '{ int: 0, long: 2, double: 1, decimal: 3 }',
  },
  {
    name: '$mul makes a missing field the operand',
    file: 'update/operators/increment.ts',
    find: '  multiplyNumbers(0, operand),\n)',
    replace: '  operand,\n)',
  },
  {
    name: 'an overflow of $inc becomes a double',
    file: 'update/operators/increment.ts',
    find: 'throw badValue(\n            `Failed to apply',
    replace: 'return 0\n          throw badValue(\n            `Failed to apply',
  },
]

const keys: readonly Mutation[] = [
  {
    name: 'hash keys of documents forget the order of fields',
    file: 'bson/index-key.ts',
    find: 'const fields = Object.entries(document).map(',
    replace: 'const fields = Object.entries(document).sort().map(',
  },
  {
    name: 'hash keys of numbers tell types apart',
    file: 'bson/index-key.ts',
    find: 'numericKey(numericValue(value))',
    replace: 'type + numericKey(numericValue(value))',
  },
  {
    name: 'unique keys of missing fields are free',
    file: 'storage/unique-keys.ts',
    find: 'for (const { record: other } of index.withKey(key)) {',
    replace: 'for (const { record: other } of key[0] === undefined ? [] : index.withKey(key)) {',
  },
  {
    name: 'an index compares by its first field alone',
    file: 'storage/ordered-index.ts',
    find: 'for (let at = 0; at < b.length; at++) {',
    replace: 'for (let at = 0; at < 1; at++) {',
  },
  {
    name: 'a duplicate key error does not tell the value',
    file: 'storage/unique-keys.ts',
    find: '{ extra: { keyPattern: definition.spec.key, keyValue } }',
    replace: '{ extra: { keyPattern: definition.spec.key } }',
  },
  {
    name: 'a sparse index holds documents without the field',
    file: 'storage/index-definition.ts',
    find: 'if (definition.sparse && perField',
    replace: 'if (false && perField',
  },
  {
    name: 'a partial index holds every document',
    file: 'storage/index-definition.ts',
    find: 'if (definition.partial !== undefined && !definition.partial.test(document)) return []',
    replace: '',
  },
  {
    name: 'an array on the way is not noticed by its index',
    file: 'storage/index-definition.ts',
    find: 'if (Array.isArray(value)) return true',
    replace: '',
  },
  {
    name: 'an index compares without its collation',
    file: 'storage/ordered-index.ts',
    find: 'const order = compareValues(a[at], b[at], collation)',
    replace: 'const order = compareValues(a[at], b[at])',
  },
]

const collations: readonly Mutation[] = [
  {
    name: 'strength 1 minds accents',
    file: 'bson/collation.ts',
    find: "      .replace(/\\p{Mn}/gu, '')\n",
    replace: '',
  },
  {
    name: 'strength 2 minds case',
    file: 'bson/collation.ts',
    find: 'if (strength < 3 && !caseLevel)',
    replace: 'if (strength < 2 && !caseLevel)',
  },
  {
    name: 'numericOrdering is forgotten',
    file: 'bson/collation.ts',
    find: 'numeric: options.numericOrdering,',
    replace: 'numeric: false,',
  },
  {
    name: 'caseFirst is forgotten',
    file: 'bson/collation.ts',
    find: 'caseFirst: options.caseFirst,',
    replace: '',
  },
  {
    name: 'an index of another collation is used for strings',
    file: 'planning/plan-query.ts',
    find: "return typeof value === 'string' || isDocument(value) || Array.isArray(value)",
    replace: 'return false',
  },
]

const queries: readonly Mutation[] = [
  {
    name: 'comparisons cross types',
    file: 'query/value-tests.ts',
    find: "if (typeOrder(value) !== order && !(open && operator !== '$eq')) return false",
    replace: '',
  },
  {
    name: '$gt takes equal values in',
    file: 'query/value-tests.ts',
    find: 'return (difference) => difference > 0',
    replace: 'return (difference) => difference >= 0',
  },
  {
    name: '$lte leaves equal values out',
    file: 'query/value-tests.ts',
    find: 'return (difference) => difference <= 0',
    replace: 'return (difference) => difference < 0',
  },
  {
    name: '$in ignores regular expressions',
    file: 'query/value-tests.ts',
    find: ' || patterns.some((matches) => matches(value))',
    replace: '',
  },
  {
    name: '$size counts one too many',
    file: 'query/value-tests.ts',
    find: 'BigInt(value.length) === size',
    replace: 'BigInt(value.length) >= size',
  },
  {
    name: '$mod gives positive remainders',
    file: 'query/value-tests.ts',
    find: 'integer % divisor === remainder',
    replace: '((integer % divisor) + divisor) % divisor === remainder',
  },
  {
    name: '$bitsAllSet is content with one bit',
    file: 'query/value-tests.ts',
    find: 'return set === mask',
    replace: 'return set !== 0n',
  },
  {
    name: 'elements of arrays do not count',
    file: 'query/visit-path.ts',
    find: 'if (options.leafElements) {',
    replace: 'if (false) {',
  },
  {
    name: 'an array does not count as a whole',
    file: 'query/visit-path.ts',
    find: '  return visit(array, index)\n}',
    replace: '  return options.leafElements ? false : visit(array, index)\n}',
  },
  {
    name: 'a number in a path is never a position',
    file: 'query/visit-path.ts',
    find: 'if (!isIndex(segment) || Number(segment) >= array.length) return false',
    replace: 'return false',
  },
  {
    name: 'paths enter arrays within arrays by name',
    file: 'bson/path.ts',
    find: 'if (!Array.isArray(element)) collect',
    replace: 'collect',
  },
  {
    name: '$ne is content with one different element',
    file: 'query/field-predicate.ts',
    find: 'return not(equality(target, operand, env))',
    replace: "return anyValue(target, (value) => !comparisonTest('$eq', operand, env)(value))",
  },
  {
    name: '$exists does not mind its argument',
    file: 'query/field-predicate.ts',
    find: 'return isTrue(operand) ? exists : not(exists)',
    replace: 'return exists',
  },
  {
    name: '$elemMatch matches a field that is no array',
    file: 'query/field-predicate.ts',
    find: 'if (!Array.isArray(value)) return false\n      const found',
    replace: 'if (!Array.isArray(value)) return matches(value)\n      const found',
  },
  {
    name: '$all of nothing matches everything',
    file: 'query/field-predicate.ts',
    find: 'if (conditions.length === 0) return () => false',
    replace: '',
  },
  {
    name: '$nor is $or',
    file: 'query/compile-query.ts',
    find: 'return (document) => !branches.some((branch) => branch(document, {}))',
    replace: 'return (document) => branches.some((branch) => branch(document, {}))',
  },
  {
    name: 'option x is forgotten',
    file: 'query/regex-test.ts',
    find: "wanted.has('x') ? withoutExtendedSpace(text) : text",
    replace: 'text',
  },
  {
    name: '$slice with a negative skip begins at the start',
    file: 'query/project.ts',
    find: 'skip < 0 ? Math.max(0, value.length + skip) : skip',
    replace: 'skip < 0 ? 0 : skip',
  },
  {
    name: 'the positional projection gives the first element',
    file: 'query/project.ts',
    find: 'array.slice(matched.index, (matched.index ?? 0) + 1)',
    replace: 'array.slice(0, 1)',
  },
]

const planning: readonly Mutation[] = [
  {
    name: 'two bounds narrow a multikey scan',
    file: 'planning/plan-query.ts',
    find: 'return narrow && oneBracket ?',
    replace: 'return oneBracket ?',
  },
  {
    name: 'a sparse index stands for the collection',
    file: 'planning/plan-query.ts',
    find: 'if (definition.sparse && !definition.fields.some(({ path }) => bounds.has(path))) return false',
    replace: '',
  },
  {
    name: 'a partial index stands for the collection',
    file: 'planning/plan-query.ts',
    find: 'if (spec.partialFilterExpression === undefined) return true',
    replace: 'return true',
  },
  {
    name: 'an index in other directions gives the order',
    file: 'planning/plan-query.ts',
    find: 'if (order !== undefined && order !== here) return undefined',
    replace: '',
  },
  {
    name: 'a range before the sorted field gives the order',
    file: 'planning/plan-query.ts',
    find: 'if (field?.path !== path || isDocument(direction)) return undefined',
    replace: 'if (isDocument(direction) || field === undefined) return undefined',
  },
  {
    name: 'a multikey scan gives a document for each key',
    file: 'planning/find-documents.ts',
    find: 'if (seen?.has(record)) continue',
    replace: '',
  },
  {
    name: 'a bound in an index takes its own value in',
    file: 'planning/key-range.ts',
    find: 'if (order < 0 || (order === 0 && !lower.inclusive)) return -1',
    replace: 'if (order <= 0) return -1',
  },
  {
    name: 'a range in an index mistakes the order of types',
    file: 'planning/key-range.ts',
    find: 'if (type !== bracket) return type < bracket ? -1 : 1',
    replace: 'if (type !== bracket) return type < bracket ? 1 : -1',
  },
  {
    name: 'null is looked up in an index as a value',
    file: 'planning/field-bounds.ts',
    find: 'if (isNullish(value) || isRegex(value)) return false',
    replace: 'if (isRegex(value)) return false',
  },
]

const updates: readonly Mutation[] = [
  {
    name: 'new fields come in the written order',
    file: 'update/update-path.ts',
    find: 'return a < b ? -1 : a > b ? 1 : 0',
    replace: 'return 0',
  },
  {
    name: 'a path may conflict with one that leads to it',
    file: 'update/update-path.ts',
    find: 'prefixes.find((prefix) => taken.has(prefix))',
    replace: '(taken.has(whole) ? whole : undefined)',
  },
  {
    name: 'a path may conflict with one inside of it',
    file: 'update/update-path.ts',
    find: '?? (parents.has(whole) ? whole : undefined)',
    replace: '',
  },
  {
    name: 'array filters accept every element',
    file: 'update/update-path.ts',
    find: 'accepts(element) ? next(String(index)) : []',
    replace: 'next(String(index))',
  },
  {
    name: 'an array filter may be left unused',
    file: 'update/update-path.ts',
    find: 'if (!used.has(name))',
    replace: 'if (false)',
  },
  {
    name: 'array filters compare without the collation',
    file: 'update/array-filters.ts',
    find: 'const query = compileQuery(filter, { collation })',
    replace: 'const query = compileQuery(filter)',
  },
  {
    name: '$unset takes elements out of arrays',
    file: 'update/location.ts',
    find: 'parent[Number(name)] = null',
    replace: 'parent.splice(Number(name), 1)',
  },
  {
    name: 'an array is not padded with null',
    file: 'update/location.ts',
    find: 'while (parent.length < index) parent.push(null)',
    replace: 'while (parent.length < index) parent.push(0)',
  },
  {
    name: '$max compares as $min',
    file: 'update/operators/set.ts',
    find: 'compareValues(operand, current, collation) > 0',
    replace: 'compareValues(operand, current, collation) < 0',
  },
  {
    name: '$min takes equal values',
    file: 'update/operators/set.ts',
    find: 'compareValues(operand, current, collation) < 0',
    replace: 'compareValues(operand, current, collation) <= 0',
  },
  {
    name: '$setOnInsert sets always',
    file: 'update/operators/set.ts',
    find: 'if (inserting) location.write',
    replace: 'location.write',
  },
  {
    name: '$push sorts after it has cut',
    file: 'update/operators/push.ts',
    find: '  if (order !== undefined) result.sort(order)\n',
    replace: '',
  },
  {
    name: 'a negative $position counts from the start',
    file: 'update/operators/push.ts',
    find: 'at < 0 ? Math.max(0, current.length + at) : at',
    replace: 'Math.abs(at)',
  },
  {
    name: '$addToSet adds repetitions of its own list',
    file: 'update/operators/add-to-set.ts',
    find: '      present.add(key)\n',
    replace: '',
  },
  {
    name: '$pull compares documents as a whole',
    file: 'update/operators/pull.ts',
    find: 'return (element) => isDocument(element) && matches(element, {})',
    replace: 'return (element) => equalValues(element, operand, env.collation)',
  },
  {
    name: '$pop takes the wrong end',
    file: 'update/operators/pull.ts',
    find: 'end === 1 ? current.slice(0, -1) : current.slice(1)',
    replace: 'end === 1 ? current.slice(1) : current.slice(0, -1)',
  },
  {
    name: 'an upsert forgets what stands under $and',
    file: 'update/upsert-seed.ts',
    find: "if (key === '$and') {",
    replace: "if (key === '$and' && false) {",
  },
  {
    name: '_id may change',
    file: 'update/compile-update.ts',
    find: "if (!Object.hasOwn(updated, '_id') || !equalValues(updated._id, document._id)) {",
    replace: 'if (false) {',
  },
  {
    name: 'an unordered command ends at its first error',
    file: 'writes/run-statements.ts',
    find: 'if (ordered) break',
    replace: 'break',
  },
  {
    name: 'an ordered command goes on after an error',
    file: 'writes/run-statements.ts',
    find: 'if (ordered) break',
    replace: '',
  },
  {
    name: 'an update that changes nothing counts as one',
    file: 'writes/update-document.ts',
    find: 'if (Buffer.compare(state.raw, raw) === 0) return { changed: false, document }',
    replace: '',
  },
]

/** All mutations. Each must be caught by a case of the table: see `npm run mutate`. */
export const MUTATIONS: readonly Mutation[] = [
  ...comparison,
  ...arithmetic,
  ...keys,
  ...collations,
  ...queries,
  ...planning,
  ...updates,
  ...aggregationMutations,
]
