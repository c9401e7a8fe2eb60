import type { Document } from 'bson'
import { toInteger } from '../bson/number.ts'
import { failedToParse, typeMismatch } from '../server-error.ts'
import type { ValueTest } from './predicate.ts'

export interface KeywordContext {
  compile(schema: unknown): ValueTest
  /** The schema that the keyword stands in, for the few that depend on their neighbours. */
  schema: Document
}

/** Compiles one keyword; undefined if it alone demands nothing. */
export type KeywordCompiler = (argument: unknown, context: KeywordContext) => ValueTest | undefined

export type KeywordTable = Readonly<Record<string, KeywordCompiler>>

export function schemaList(
  keyword: string,
  list: unknown,
  compile: (schema: unknown) => ValueTest,
): ValueTest[] {
  if (!Array.isArray(list)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`)
  if (list.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`)
  return list.map((schema) => compile(schema))
}

/** A keyword that bounds a size: lengths of strings and arrays, numbers of properties. */
export function sizeKeyword(
  keyword: string,
  measure: (value: unknown) => number | undefined,
  accepts: (size: number, bound: number) => boolean,
): KeywordCompiler {
  return (argument) => {
    const bound = toInteger(argument)
    if (bound === undefined) throw failedToParse(`Expected an integer for $jsonSchema keyword '${keyword}'`)
    if (bound < 0n) throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be a negative value`)
    return (value) => {
      const size = measure(value)
      return size === undefined || accepts(size, Number(bound))
    }
  }
}

export function booleanArgument(keyword: string, argument: unknown): boolean {
  if (typeof argument !== 'boolean') throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a boolean`)
  return argument
}

export const atLeast = (size: number, bound: number): boolean => size >= bound
export const atMost = (size: number, bound: number): boolean => size <= bound
