import type { BSONRegExp } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { isRegex, typeOf } from '../bson/value-type.ts'
import { badValue, locationError } from '../server-error.ts'
import type { ValueTest } from './predicate.ts'

/** A condition that a string matches the pattern, or that the value is that very regular expression. */
export function regexTest(pattern: unknown, options: unknown): ValueTest {
  const regex = compileRegex(pattern, options)
  return (value) => {
    if (typeof value === 'string') return regex.test(value)
    if (typeOf(value) === 'symbol') return regex.test(String(value))
    return isRegex(value) && isRegex(pattern) && equalValues(value, pattern)
  }
}

/** Translates a pattern with the options `i`, `m`, `s`, `x`, `u` for JavaScript's engine. */
export function compileRegex(pattern: unknown, options: unknown): RegExp {
  const [source, own] = sourceOf(pattern)
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string')
  const letters = options === undefined || options === '' ? own : options
  const invalid = /[^imsxu]/.exec(letters)?.[0]
  if (invalid !== undefined) throw locationError(51108, `invalid flag in regex options: ${invalid}`)
  const { text, flags } = inlineFlags(source)
  const wanted = new Set([...letters, ...flags])
  const plain = wanted.has('x') ? withoutExtendedSpace(text) : text
  const jsFlags = [...wanted].filter((flag) => 'ims'.includes(flag)).join('')
  return toRegExp(fromPcre(plain, wanted.has('m')), jsFlags)
}

function toRegExp(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    // Escapes such as "\-" are an error in JavaScript's Unicode mode only: a second chance without it.
    try {
      return new RegExp(source, flags)
    } catch (cause) {
      throw locationError(
        51091,
        `Regular expression is invalid: ${cause instanceof Error ? cause.message : ''}`,
      )
    }
  }
}

function sourceOf(pattern: unknown): [source: string, options: string] {
  if (typeof pattern === 'string') return [pattern, '']
  if (pattern instanceof RegExp) return [pattern.source, pattern.flags.replace(/[^imsx]/g, '')]
  if (isRegex(pattern)) return [(pattern as BSONRegExp).pattern, (pattern as BSONRegExp).options]
  throw badValue('$regex has to be a string')
}

/** Options written at the start of the pattern: `(?i)abc`. */
function inlineFlags(source: string): { text: string; flags: string } {
  const found = /^\(\?([imsx]+)\)/.exec(source)
  return found === null
    ? { text: source, flags: '' }
    : { text: source.slice(found[0].length), flags: found[1] ?? '' }
}

/** Option `x`: white space and comments outside character classes do not count. */
function withoutExtendedSpace(source: string): string {
  return source.replace(
    /(\\.|\[(?:\\.|[^\]])*\])|\s+|#.*$/gms,
    (_whole, kept: string | undefined) => kept ?? '',
  )
}

/** The escapes of PCRE that JavaScript has not: `\A`, `\z`, `\Z`, `\h`; and `$` before a last line feed. */
function fromPcre(source: string, multiline: boolean): string {
  return source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|\$/g, (part) => {
    switch (part) {
      case '\\A':
        return '(?<![\\s\\S])'
      case '\\z':
        return '(?![\\s\\S])'
      case '\\Z':
        return '(?=\\n?(?![\\s\\S]))'
      case '\\h':
        return '[ \\t]'
      case '$':
        return multiline ? '$' : '(?=\\n?(?![\\s\\S]))'
      default:
        return part
    }
  })
}
