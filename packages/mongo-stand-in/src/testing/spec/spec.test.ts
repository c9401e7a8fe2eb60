import { describe, expect, test } from 'vitest'
import { compareWithKnown } from './compare-with-known.ts'
import { readKnownFailures } from './known-failures.ts'
import { renderReport } from './render-report.ts'
import { parseRunnerOutput, testKey } from './runner-output.ts'

const OUTPUT = `PASS crud/a.json :: works
FAIL crud/a.json :: never works -- lacks x -- and y
FAIL crud/b.json :: breaks -- wanted 1 got 2
SKIP crud/b.json :: left out (runOnRequirements)
crud: 1 passed, 2 failed, 1 skipped  (0.1s; skips {})
TOTAL: 1 passed, 2 failed, 1 skipped`

const entry = { file: 'crud/a.json', kind: 'driver', reason: 'The driver does not send it.' } as const

describe('the official tests', () => {
  test('a failure outside the list is told with its message', () => {
    const result = compareWithKnown(parseRunnerOutput(OUTPUT), [{ ...entry, test: 'never works' }])
    expect(result.unexpected).toEqual([{ file: 'crud/b.json', test: 'breaks', message: 'wanted 1 got 2' }])
    expect(result.folders).toEqual([{ folder: 'crud', passed: 1, failed: 2, known: 1, skipped: 1 }])
    expect(renderReport(result)).toContain('crud/b.json :: breaks\n    wanted 1 got 2')
  })

  test('an entry whose test passes is named; one that did not run is not', () => {
    const list = ['works', 'left out'].map((name) => ({ ...entry, test: name }))
    const { noLongerFailing } = compareWithKnown(parseRunnerOutput(OUTPUT), list)
    expect(noLongerFailing.map(({ test }) => test)).toEqual(['works'])
  })

  test('a run that broke off, ran nothing or counts otherwise is no result', () => {
    expect(() => parseRunnerOutput(OUTPUT.split('\n').slice(0, -1).join('\n'))).toThrow(
      /before it was through/,
    )
    expect(() => parseRunnerOutput('TOTAL: 0 passed, 0 failed, 3 skipped')).toThrow(/no test/)
    expect(() => parseRunnerOutput(OUTPUT.replace('FAIL crud/b.json', 'FAULT'))).toThrow(/names 1/)
  })

  test('the list has each test once, with its reason', () => {
    const keys = readKnownFailures().map(testKey)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
