import {
  Binary,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson'
import fc from 'fast-check'

export const objectIds = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes))

/** Around the places where number types and their precisions meet. */
const edgeNumbers = fc.constantFrom(
  new Double(Number.NaN),
  Decimal128.fromString('NaN'),
  new Double(Number.NEGATIVE_INFINITY),
  new Double(Number.POSITIVE_INFINITY),
  Decimal128.fromString('-Infinity'),
  new Double(-0),
  new Int32(0),
  Decimal128.fromString('-0E+3'),
  new Double(2 ** 53),
  Long.fromString('9007199254740992'),
  Long.fromString('9007199254740993'),
  Decimal128.fromString('9007199254740993'),
  new Double(0.1),
  Decimal128.fromString('0.1'),
  Decimal128.fromString('1.50'),
  new Double(1.5),
  Decimal128.fromString('1E-6176'),
  Decimal128.fromString('9.999999999999999999999999999999999E+6144'),
  new Double(5e-324),
  Long.MAX_VALUE,
  Long.MIN_VALUE,
)

export const numericIds = fc.oneof(
  edgeNumbers,
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((n) => new Int32(n)),
  fc.double().map((n) => new Double(n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 20 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
)

const texts = fc.oneof(
  fc.constantFrom('', '\0', '\uffff', '\u{1f600}', 'Ä', 'a'),
  fc.string({ unit: 'binary' }),
)
const binaries = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new UUID(bytes)),
  fc
    .tuple(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(0, 2, 3, 5, 128))
    .map(([bytes, subtype]) => new Binary(Buffer.from(bytes), subtype)),
)
const dates = fc.date({ noInvalidDate: true })
const timestamps = fc
  .tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.nat({ max: 2 ** 32 - 1 }))
  .map(([t, i]) => new Timestamp({ t, i }))
const scalars = fc.oneof(objectIds, texts, numericIds, binaries, dates, fc.boolean(), fc.constant(null))
/** A document as `_id`; keys that JavaScript would put into another order are left out. */
const documents = fc.dictionary(
  fc.constantFrom('a', 'b', 'region', ''),
  fc.oneof(scalars, fc.array(scalars, { maxLength: 2 }), fc.record({ c: scalars })),
  { maxKeys: 3 },
)

/** An `_id` of any type that MongoDB allows. */
export const anyId: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: objectIds },
  { weight: 3, arbitrary: numericIds },
  { weight: 2, arbitrary: texts },
  { weight: 2, arbitrary: binaries },
  { weight: 2, arbitrary: documents },
  fc.boolean(),
  dates,
  timestamps,
  fc.constantFrom(null, new MinKey(), new MaxKey(), new Code('f'), new BSONSymbol('s')),
)
