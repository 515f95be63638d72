/** Something the operator must mend before the program can start. The message is one line and says what to do. */
export class StartError extends Error {}

/** Another process of ours uses the data folder; it may be done with it soon. */
export class FolderTakenError extends StartError {}
