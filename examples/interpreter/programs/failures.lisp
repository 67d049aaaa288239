; Errors are values once they are caught; they can be looked into, handed on, and thrown again.

(define (print value) (write value) (newline))
(define (message e) (error-message e))

(print (try (car 5) message))
(print (try (undefined-name) message))
(print (try (vector-ref 1 2) error-values))
(print (try (+ 1 "two") message))
(print (try (+ 9223372036854775807 1) message))
(print (try (quotient 1 0) message))
(print (try (/ 1.0 0) message))
(print (try ((lambda (x) x)) message))
(print (try (cons 1) message))
(print (try ("not a function" 1) message))
(print (try (if) message))
(print (try (let ((x 1) (x 2)) x) message))
(print (try (set! nobody 1) message))
(print (try (error "mine" 1 'two "three") (lambda (e) (list (error? e) (error-values e)))))
(print (try (try (error "inner") (lambda (e) (error "outer" (error-message e)))) error-values))
(print (try (try (error "again") (lambda (e) (error e))) message))
(print (try 'nothing-wrong message))

; The last one is caught by nobody.
(display "and now:")
(newline)
(error "the end" '(of the file))
