document.title = "Heap explorer";
