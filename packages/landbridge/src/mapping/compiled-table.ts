import type { Codec } from './codecs/codec.ts'
import type { ColumnShape, TableShape } from './types.ts'

/** One table of a mapping, resolved: what maps a document, an element, or a scalar to its row and back. */
export interface CompiledTable {
  shape: TableShape
  /** The document tree under this table's element; empty for `values`. */
  root: PathNode
  fields: CompiledField[]
  children: CompiledChild[]
  /** Containers of mapped paths, deepest first. */
  containers: { path: string; segments: string[] }[]
  /** SQL names of the special columns. */
  id?: string
  parent?: string
  ordinal?: string
  /** Of a growing child: the columns of its elements' id and of their order. */
  growing?: { id: string; seq: string; seqIsText: boolean }
  within: string[]
  extra?: string
}

export interface CompiledField {
  /** Relative to the element; the empty path for the scalar of `values`. */
  path: string
  segments: string[]
  codec: Codec
  columns: ColumnShape[]
  refused: 'extra' | 'quarantine'
  /** What null cells mean in the document. */
  empty: 'missing' | 'null'
  /** A json field with deeper mapped paths: it holds the rest. */
  holdsRest: boolean
}

export interface CompiledChild {
  path: string
  segments: string[]
  kind: 'rows' | 'values' | 'row'
  table: CompiledTable
  refused: 'extra' | 'quarantine'
  empty: '[]' | 'missing'
}

export interface PathNode {
  path: string
  field?: CompiledField
  child?: CompiledChild
  dropped?: boolean
  derived?: boolean
  members: Map<string, PathNode>
}
