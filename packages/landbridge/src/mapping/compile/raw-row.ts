import type { CompiledChild, CompiledField, CompiledTable, PathNode } from '../compiled-table.ts'
import { withoutDroppedBelow } from '../drop-paths.ts'
import { keepUnfit, type MapRun, mapChild, mapField } from '../map-document.ts'
import { MappingError } from '../mapping-error.ts'
import { keepAt, keepForm, keepFormJson, MISSING_FORM, type RowDraft, startDraft } from '../row-draft.ts'
import type { Document, Json, PgValue, Row } from '../types.ts'
import { ValueRefusal } from '../value-refusal.ts'
import { exactValue, RAW } from './raw-bson.ts'

/**
 * What a row needs beyond what is walked: single values that take the way over their codec, and what of them goes to
 * `extra`. All of it is mapped by the same functions as whole documents; a draft is begun for the first such value.
 * Every method answers false where the document must take the general way.
 */
export class RawRow {
  private draft: RowDraft | undefined
  private readonly decided = new Set<CompiledField>()
  private readonly table: CompiledTable
  private readonly unmapped: MapRun['unmapped']

  constructor(table: CompiledTable, unmapped: MapRun['unmapped']) {
    this.table = table
    this.unmapped = unmapped
  }

  /** Forgets the last row. */
  begin(): void {
    if (this.draft === undefined) return
    this.draft = undefined
    this.decided.clear()
  }

  open(): RowDraft {
    this.draft ??= startDraft(this.table, '', [])
    return this.draft
  }

  /** A value that its column does not take as it stands; its cells are answered by `cell` from now on. */
  decide(field: CompiledField, src: Buffer, type: number, at: number): boolean {
    if (this.decided.has(field)) return true
    return this.attempt(() => {
      const value = isNothing(type) ? nothingOf(type) : exactValue(src, type, at)
      if (value === undefined && type !== RAW.undefined) return false
      mapField(this.runOf(''), this.open(), field, value)
      this.decided.add(field)
      return true
    })
  }

  /** The same for the rest of a document that is held by a json field. */
  decideRest(field: CompiledField, rest: Document, mayBeNull: boolean): boolean {
    return this.attempt(() => {
      const draft = this.open()
      const isWhole = keepUnfit(this.runOf(''), draft, field, rest)
      if (!mayBeNull || !isWhole || Object.keys(rest).length > 0) mapField(this.runOf(''), draft, field, rest)
      this.decided.add(field)
      return true
    })
  }

  /** Maps a whole child as its document would be; its rows are handed over. */
  decideChild(
    node: PathNode,
    child: CompiledChild,
    entity: string,
    raw: { src: Buffer; type: number; at: number },
    take: (tables: Record<string, Row[]>) => void,
  ): boolean {
    return this.attempt(() => {
      const value = exactValue(raw.src, raw.type, raw.at)
      if (value === undefined) return false
      const run = this.runOf(entity, child)
      mapChild(run, this.open(), node, child, withoutDroppedBelow(node, value))
      take(run.tables)
      return true
    })
  }

  /** A member that nothing owns. */
  keepUnknown(src: Buffer, path: string, type: number, at: number): boolean {
    if (this.unmapped === 'quarantine') return false
    return this.attempt(() => {
      const value = exactValue(src, type, at)
      if (value === undefined && type !== RAW.undefined) return false
      keepAt(this.open(), path, value, 'unmapped')
      return true
    })
  }

  /** The path stood there, but empty: null, undefined, or a container of nothing. */
  keepEmpty(path: string, type: number): boolean {
    const value = type === RAW.document ? {} : type === RAW.array ? [] : nothingOf(type)
    return this.attempt(() => {
      keepForm(this.open(), path, value)
      return true
    })
  }

  /** The path was missing where the row's default would show it. */
  keepMissing(path: string): boolean {
    return this.attempt(() => {
      keepFormJson(this.open(), path, MISSING_FORM)
      return true
    })
  }

  /** Whatever else belongs into the draft, e.g. derived paths. */
  attempt(work: () => boolean): boolean {
    try {
      return work()
    } catch (refusal) {
      // Not swallowed: the document is mapped as a whole then, which says what is refused and where.
      if (refusal instanceof ValueRefusal || refusal instanceof MappingError) return false
      throw refusal
    }
  }

  cell(column: string): PgValue {
    return this.draft?.row[column] ?? null
  }

  extra(): Json {
    if (this.draft === undefined) return null
    const { kept, forms } = this.draft
    const hasForms = Object.keys(forms).length > 0
    if (!hasForms && Object.keys(kept).length === 0) return null
    return hasForms ? { ...kept, $form: forms } : kept
  }

  private runOf(id: string, child?: CompiledChild): MapRun {
    const names = child === undefined ? [] : tablesIn(child)
    return {
      id,
      tables: Object.fromEntries(names.map((name) => [name, []])),
      kept: [],
      forced: new Map(),
      unmapped: this.unmapped,
    }
  }
}

/** The tables of a child, parents first. */
export function tablesIn(child: CompiledChild): string[] {
  return [child.table.shape.name, ...child.table.children.flatMap(tablesIn)]
}

function isNothing(type: number): boolean {
  return type === RAW.null || type === RAW.undefined
}

function nothingOf(type: number): null | undefined {
  return type === RAW.null ? null : undefined
}
