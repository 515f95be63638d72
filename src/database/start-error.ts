/** Something the operator must mend before the program can start. The message is one line and says what to do. */
export class StartError extends Error {}
