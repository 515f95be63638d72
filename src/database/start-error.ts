/** The operator must mend something before the program can start. The message is one line and says what to do. */
export class StartError extends Error {}

/** Another MovieMind process uses the data folder; it may release it soon. */
export class FolderTakenError extends StartError {}
