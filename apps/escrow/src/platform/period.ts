/** From `from` up to, without, `to`. What has no time lies in no period. */
export interface Period {
  from: Date
  to: Date
}
