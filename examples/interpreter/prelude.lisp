; What the language can say for itself.

(define (not value) (if value #f #t))

(define (reverse list)
  (let loop ((rest list) (done '()))
    (if (null? rest) done (loop (cdr rest) (cons (car rest) done)))))

(define (fold function initial list)
  (let loop ((value initial) (rest list))
    (if (null? rest) value (loop (function value (car rest)) (cdr rest)))))

(define (map function list)
  (reverse (fold (lambda (done item) (cons (function item) done)) '() list)))

(define (filter keep? list)
  (reverse (fold (lambda (done item) (if (keep? item) (cons item done) done)) '() list)))

(define (for-each function list)
  (fold (lambda (done item) (function item) done) #t list)
  (if #f #f))

(define (range from to)
  (let loop ((number (- to 1)) (done '()))
    (if (< number from) done (loop (- number 1) (cons number done)))))

; What a call leaves behind: how many objects are there more than before it, how many of them the
; collector finds, and how many are there more then.
(define leaves-behind
  (let ((before 0) (left 0))
    (lambda (function)
      (gc)
      (set! before (live))
      (function)
      (set! left (- (live) before))
      (list left (gc) (- (live) before)))))
